"""Structured lines on standard error: one JSON object an event, never a token, never a stranger's words at INFO.

Everything passes one handler, ours and the libraries' alike, because Bolt and
the SDK give their loggers names of their own. Libraries speak from WARNING on:
below it they log whole bodies, which hold what strangers and staff wrote.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, Final

import structlog

#: Slack tokens of every kind, what follows "Bearer", and the password in an address.
_SECRETS: Final = re.compile(r"(xox[a-z]-|xapp-|[Bb]earer |://[^\s:/@\"]*:)[^\s\"'\\,;)}\]@]{3,}")
#: Several words in quotes, in what an unforeseen error says: a value it met, and so perhaps what somebody wrote.
_QUOTED: Final = re.compile(r"""'[^'\n]*\s[^'\n]*'|"[^"\n]*\s[^"\n]*\"""")
#: What Bolt warns of on every start and is meant so: our client carries the token.
_MEANT_SO: Final = "As you gave `client` as well"

#: A log field is cut at this many characters, so that a line stays a line.
FIELD_LIMIT: Final = 2_000
#: A secret shorter than this cannot be hidden without hiding half of all words.
SECRET_LEAST: Final = 6


def _cut(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in line.items():
        if isinstance(value, str):
            # The last words of a traceback say what went wrong.
            line[name] = value[-FIELD_LIMIT:] if name == "exception" else value[:FIELD_LIMIT]
    return line


def _unquoted(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out of a traceback the values that an error quotes; the lines of code in it are ours and stay."""
    if isinstance(told := line.get("exception"), str):
        lines = (one if one.startswith("  ") else _QUOTED.sub("[words]", one) for one in told.split("\n"))
        line["exception"] = "\n".join(lines)
    return line


class _Render:
    """Makes the line, then blots out every secret in it, however deep it stood."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= SECRET_LEAST}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known)) or r"(?!)")
        self._as_json = structlog.processors.JSONRenderer()

    def __call__(self, logger: Any, name: str, line: MutableMapping[str, Any]) -> str:
        rendered = self._as_json(logger, name, line)
        words = rendered if isinstance(rendered, str) else rendered.decode()
        return _SECRETS.sub(r"\1[hidden]", self._known.sub("[hidden]", words))


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Return whether a record is ours, or a library's that somebody must act on."""
    if record.name.partition(".")[0] == "bot":
        return True
    return record.levelno >= logging.WARNING and not str(record.msg).startswith(_MEANT_SO)


def configure(level: str, *, secrets: Iterable[str] = ()) -> None:
    """Send our lines and those of libraries to standard error as JSON, with ``secrets`` blotted out."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _cut,
        _unquoted,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=False,
    )
    lines = logging.StreamHandler(sys.stderr)
    lines.addFilter(_worth_a_line)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _Render(secrets)],
        )
    )
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(level)
    for noisy in ("slack_bolt", "slack_sdk", "httpx", "uvicorn", "aiohttp", "asyncio"):
        # Refused here already, so that nobody spends time on making a line of a whole body.
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def get(name: str) -> Any:
    """Return the logger of a module."""
    return structlog.get_logger(name)
