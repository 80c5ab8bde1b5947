"""What is wrong with a setting, as one sentence that says what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from bot.sections import (
    ApprovalSettings,
    Channels,
    DemoFeedSettings,
    RoleSettings,
    RssFeedSettings,
    TemplateSettings,
    TierSettings,
    WebhookFeedSettings,
)

Step = int | str

#: What each table of the file is read into, by its name there; a feed's, by its kind.
_TABLES: Final[Mapping[Step, type[BaseModel]]] = {
    "channels": Channels,
    "tiers": TierSettings,
    "roles": RoleSettings,
    "approval": ApprovalSettings,
    "templates": TemplateSettings,
    "rss": RssFeedSettings,
    "webhook": WebhookFeedSettings,
    "demo": DemoFeedSettings,
}
#: Tables of which there may be several.
_LISTED: Final = frozenset({"tiers", "roles", "templates", "feeds"})
#: What a pattern asks for, by the last or the first word of its place.
_PATTERNS: Final = {
    "name": "write small letters, digits and dashes, a letter first, at most 31",
    "lang": "write two small letters, for instance en",
    "dm_links": "write an address that begins with https://",
    "signatures": "write at most 20 characters without a blank",
}
#: What to write, where the checker's own words would not say it.
_WORDS: Final = {
    "missing": "it must be given",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_parsing": "write a number",
    "bool_parsing": "write true or false",
    "string_type": "write a text in quotes",
    "time_delta_parsing": "write a span like PT30M, PT2H or P1D",
    "union_tag_not_found": 'it needs a kind: "rss", "webhook" or "demo"',
}


def sentence(error: ValidationError, names: Collection[str], plain: Mapping[str, str] | None = None) -> str:
    """Return the first thing that is wrong; ``names`` are those of the settings outside of tables.

    ``plain`` says what the file calls a setting that the environment knows by a name without our prefix.
    """
    first = error.errors()[0]
    place = _place(first["loc"])
    return f"The setting {(plain or {}).get(place, place)} is wrong: {_reason(first, names)}. See docs/settings.md."


def _place(steps: tuple[Step, ...]) -> str:
    """Return where it stands in words of the file; tables of one name are counted from 1."""
    if len(steps) > 1 and steps[0] in _LISTED and isinstance(steps[1], int):
        key = ".".join(step for step in steps[2:] if isinstance(step, str) and step not in _TABLES)
        return f"{key} of [[{steps[0]}]] number {steps[1] + 1}".removeprefix(" of ")
    return ".".join(step for step in steps if isinstance(step, str) and step != "[key]")


def _reason(first: Any, names: Collection[str]) -> str:
    steps, kind = first["loc"], first["type"]
    if kind == "extra_forbidden":
        return _unknown(steps, names)
    if kind == "tuple_type":
        several = len(steps) == 1 and steps[0] in _LISTED
        return f"write [[{steps[0]}]] in two brackets, once for each" if several else 'write a list, for instance ["a"]'
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(steps[-1]) or _PATTERNS.get(steps[0]) or str(first["msg"])
    if kind == "union_tag_invalid":
        return f"there is no kind {first['ctx']['tag']!r}; there are {first['ctx']['expected_tags']}"
    said = str(first["msg"]).removeprefix("Value error, ").replace("Input should be", "it must be")
    return _WORDS.get(kind, said)


def _unknown(steps: tuple[Step, ...], names: Collection[str]) -> str:
    """Return what may have been meant by a key that there is not."""
    key, *around = reversed(steps)
    table = next((_TABLES[step] for step in around if step in _TABLES), None)
    if table and key in names:
        return f"there is none of that name in this table. {key} stands above the first [table] of the file"
    near = difflib.get_close_matches(str(key), table.model_fields if table else names, n=1)
    return "there is none of that name" + (f"; did you mean {near[0]}" if near else "")
