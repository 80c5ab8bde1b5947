"""A stranger's values become ours: text, moments, counts. Only ``from_json`` raises."""

from __future__ import annotations

import json
import math
import re
import sys
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any, Final

import orjson

from bot.domain.mention import TEXT_LIMIT, Visibility

#: Longest address that is taken over, in characters.
LINE_LIMIT: Final = 2_000
#: Longest name or handle, in characters.
NAME_LIMIT: Final = 200
#: Longest name of a network, in characters: what its column keeps.
NETWORK_LIMIT: Final = 60
#: Longest id that is kept as it is, in bytes; PostgreSQL indexes no value above 2,700.
ID_LIMIT: Final = 255
#: Largest count that a database column of 32 bits keeps.
COUNT_LIMIT: Final = 2**31 - 1
#: No social network that we read is older.
OLDEST: Final = datetime(2004, 1, 1, tzinfo=UTC)
#: How far a platform's clock may run ahead of ours.
AHEAD: Final = timedelta(days=1)
#: Most photos of one post whose addresses are kept.
LINKS: Final = 10
#: Where the text of a post was cut.
CUT: Final = " […]"

_UNFIT = re.compile("[\x00\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,9})?")
_ZONE = re.compile(r"(?<=\d)\s+(?:(?:UTC|GMT|Z)\b|(?=[+-]\d\d:?\d\d$))", re.IGNORECASE)
#: Epoch numbers above these are milli- and microseconds.
_MILLIS_FROM, _MICROS_FROM = 1e11, 1e14

#: Where an author that is an object keeps the account's name, the likeliest first.
_HANDLES: Final = ("handle", "username", "screen_name", "acct", "name", "id")
_YES = frozenset({"1", "true", "yes", "y", "t", "on"})
_VISIBILITIES: Final = {
    "public": Visibility.PUBLIC,
    "unlisted": Visibility.PUBLIC,
    "private": Visibility.PRIVATE,
    "direct": Visibility.PRIVATE,
    "followers": Visibility.PRIVATE,
    "protected": Visibility.PRIVATE,
}


def text(value: Any) -> str:
    """Return the text without NUL and lone surrogates, cut at ``TEXT_LIMIT`` characters; empty for no text."""
    fit = _UNFIT.sub("", _written(value)).strip()
    return fit if len(fit) <= TEXT_LIMIT else fit[: TEXT_LIMIT - len(CUT)] + CUT


def line(value: Any, *, limit: int = LINE_LIMIT) -> str:
    """Return a value on one line, at most ``limit`` characters; empty for none."""
    written = _written(value)
    return _SPACES.sub(" ", _UNFIT.sub("", written[: limit * 2])).strip()[:limit] if written else ""


def ident(value: Any) -> str:
    """Return an id on one line; one longer than ``ID_LIMIT`` bytes is replaced by its hash."""
    whole = line(value, limit=sys.maxsize // 2)
    written = whole.encode("utf-8")
    return whole if len(written) <= ID_LIMIT else f"sha256-{sha256(written).hexdigest()}"


def handle(value: Any) -> str:
    """Return an account's name without its leading at-sign, also out of an author that is an object."""
    if isinstance(value, dict):
        value = next((value[key] for key in _HANDLES if line(value.get(key))), "")
    return line(value, limit=NAME_LIMIT).removeprefix("@")


def name(value: Any) -> str:
    """Return what somebody or something is called."""
    return line(value, limit=NAME_LIMIT)


def network(value: Any) -> str:
    """Return what a network is called."""
    return line(value, limit=NETWORK_LIMIT).strip()


def link(value: Any) -> str:
    """Return an address that a browser may open: http or https, else empty."""
    address = line(value)
    return address if address.lower().startswith(("http://", "https://")) and " " not in address else ""


def links(value: Any) -> tuple[str, ...]:
    """Return the addresses in a list of addresses, or of objects with one, or in one of those; at most ``LINKS``."""
    told = value if isinstance(value, list) else [value]
    found = [link(one.get("url") if isinstance(one, dict) else one) for one in told[: LINKS * 4]]
    return tuple(dict.fromkeys(one for one in found if one))[:LINKS]


def count(value: Any) -> int:
    """Return a number of likes and the like: never negative, 0 when it is no number."""
    number = _number(value)
    return 0 if number is None else max(0, min(COUNT_LIMIT, int(number)))


def known_count(value: Any) -> int | None:
    """Return a count, or None when the platform does not tell."""
    return None if _number(value) is None else count(value)


def flag(value: Any) -> bool:
    """Return whether a value says yes."""
    return value is True or (not isinstance(value, bool) and _written(value).strip().lower() in _YES)


def lang(value: Any) -> str:
    """Return the two-letter language code, or empty when there is none."""
    code = line(value).lower().replace("_", "-").split("-")[0]
    return code if len(code) == 2 and code.isascii() and code.isalpha() and code != "un" else ""


def visibility(value: Any, *, missing: Visibility) -> Visibility:
    """Return who could read the post; a word we do not know is ``UNKNOWN``."""
    word = line(value).lower()
    return _VISIBILITIES.get(word, Visibility.UNKNOWN) if word else missing


def moment(value: Any) -> datetime | None:
    """Return the aware UTC moment that a value names, or None.

    Understood: ISO 8601, RFC 2822, ``Tue Oct 31 22:10:47 +0000 2017``,
    ``2017-10-31 22:10:47 UTC``, epoch seconds, milli- and microseconds.
    A moment without a zone is UTC.
    """
    number = _number(value)
    if number is not None and abs(number) >= 1e8:
        return _from_epoch(number)
    written = line(value)[:80]
    for read in (_from_iso, _from_x, parsedate_to_datetime) if written else ():
        try:
            at = read(written)
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return _from_epoch(number) if number is not None else None


def from_json(body: bytes) -> Any:
    """Return what JSON text says; lone surrogates pass, for ``text`` removes them.

    Raises:
        ValueError: it is no JSON, or nested deeper than a thousand levels.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # orjson refuses half a surrogate pair, which cut-off emoji leave behind.
        if b"\\u" not in body:
            raise
    try:
        return json.loads(body.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def found_at(record: Any, path: str) -> Any:
    """Return the value under a name, or under a dotted path of names and list positions; None when absent."""
    if isinstance(record, dict) and (path in record or "." not in path):
        return record.get(path)
    for step in path.split("."):
        if isinstance(record, dict):
            record = record.get(step)
        elif isinstance(record, list) and step.isascii() and step.isdigit() and len(step) < 5:
            record = record[int(step)] if int(step) < len(record) else None
        else:
            return None
    return record


def revision(value: Any, *, now: datetime) -> datetime | None:
    """Return when a version was written; None when that is not told, or impossible: it would outlast every other."""
    at = moment(value)
    return at if at and plausible(at, now=now) else None


def plausible(at: datetime, *, now: datetime) -> bool:
    """Whether a post may really be of that moment."""
    return OLDEST <= at <= now + AHEAD


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        stripped = value.strip()
        value = float(stripped) if _NUMBER.fullmatch(stripped) else None
    try:
        return float(value) if value is not None and math.isfinite(value) else None
    except (TypeError, OverflowError):
        return None


def _from_epoch(number: float) -> datetime | None:
    size = abs(number)
    seconds = number / (1e6 if size >= _MICROS_FROM else 1e3 if size >= _MILLIS_FROM else 1)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _from_iso(written: str) -> datetime:
    return datetime.fromisoformat(_ZONE.sub(lambda found: "+00:00" if found[0].strip() else "", written))


def _from_x(written: str) -> datetime:
    return datetime.strptime(written, "%a %b %d %H:%M:%S %z %Y")
