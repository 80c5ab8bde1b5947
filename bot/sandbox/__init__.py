"""A small, strict Slack on loopback; it imports nothing else of bot/, so that it cannot cheat."""
