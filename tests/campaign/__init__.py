"""The fault campaign: the real app in processes that are killed, between a Slack and a platform that fail."""
