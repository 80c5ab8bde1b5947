"""Spans of time in words."""

from __future__ import annotations

from datetime import timedelta


def lasting(span: timedelta | None) -> str:
    """Return a span as people say it: its two largest units, nothing below a minute."""
    if span is None:
        return "–"
    minutes = max(0, int(span.total_seconds() // 60))
    days, hours, rest = minutes // 1_440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{rest} min" if rest else "under a minute"
