"""Doing it later: who runs the promises, and how fast."""
