"""Goshawk: brings public complaints to Slack, and human answers back."""

__version__ = "0.1.0"
