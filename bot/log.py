"""Structured lines on standard error, with a redactor: never a token, never a stranger's words at INFO."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

#: Slack tokens of every kind, and what follows "Bearer".
_SECRETS: Final = re.compile(r"(xox[a-z]-|xapp-|Bearer )[A-Za-z0-9._-]{4,}")

#: A log field is cut at this many characters, so that a line stays a line.
FIELD_LIMIT: Final = 2_000


def _redact(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = _SECRETS.sub(r"\1[hidden]", value)[:FIELD_LIMIT]
    return line


def configure(level: str) -> None:
    """Send our lines and those of libraries to standard error as JSON."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=False,
    )
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(level)
    for noisy in ("slack_bolt", "slack_sdk", "httpx", "uvicorn", "aiohttp", "asyncio"):
        # Bolt logs whole bodies at INFO and Socket Mode a traceback a reconnect; their warnings still count.
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def get(name: str) -> Any:
    """Return the logger of a module."""
    return structlog.get_logger(name)
