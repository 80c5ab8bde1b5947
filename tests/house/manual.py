"""The parts of the documents that are made from the code: ``python -m tests.house.manual`` writes them.

A made part stands between two comments that name it. Tests compare; nobody copies by hand.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticUndefined

from bot import sections
from bot.settings import PLAIN, Settings
from bot.slack.commands import SHORTHANDS, VERBS
from bot.slack.manifest import SCOPES
from tests.house.tree import ROOT, parsed

#: Units that a name's ending tells.
ENDINGS: Final = {"_s": "seconds", "_minutes": "minutes", "_days": "days"}

#: What the type alone does not tell.
FORMS: Final = {
    "heartbeat_url": "secret",
    "heartbeat_file": "file",
    "reach_p1": "followers",
    "replies_per_day": "replies",
    "promises": "table of ISO 8601 spans",
    "secrets": "table of secrets",
}


class Row(NamedTuple):
    """One setting as the manual shows it."""

    name: str
    unit: str
    default: str
    says: str


def docstrings(class_name: str) -> dict[str, str]:
    """The text under each field of a class in bot/settings.py or bot/sections.py."""
    files = [ROOT / "bot" / name for name in ("settings.py", "sections.py")]
    body = next(
        node.body
        for node in (one for file in files for one in parsed(file).body)
        if isinstance(node, ast.ClassDef) and node.name == class_name
    )
    told = {}
    for field, after in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            told[ast.unparse(field.target)] = " ".join(str(after.value.value).split()).replace("``", "`")
    return told


def rows(model: type[BaseModel]) -> list[Row]:
    """The settings of a table that have a text of their own; ``kind`` stands in the heading."""
    words = defaultdict(str, {name: text for one in reversed(model.__mro__) for name, text in _told(one).items()})
    return [
        Row(name, unit(name, field.annotation), shown(field.get_default(call_default_factory=True)), words[name])
        for name, field in model.model_fields.items()
        if name != "kind"
    ]


def _told(one: type) -> dict[str, str]:
    return docstrings(one.__name__) if one.__module__ in {"bot.settings", "bot.sections"} else {}


def unit(name: str, kind: Any) -> str:
    """In what a value is written."""
    for ending, word in ENDINGS.items():
        if name.endswith(ending):
            return word
    if name in FORMS:
        return FORMS[name]
    if get_origin(kind) is Literal:
        return " or ".join(f"`{one}`" for one in get_args(kind))
    if get_origin(kind) is tuple:
        return "list of tables" if _is_table(get_args(kind)[0]) else "list"
    words: Mapping[Any, str] = {
        str: "text", SecretStr: "secret", int: "whole number", bool: "`true` or `false`", Path: "folder"
    }  # fmt: skip
    return words.get(kind, "table")


def _is_table(kind: Any) -> bool:
    """Whether the things of a list are tables: a part of the settings, or one of several."""
    kinds = [kind, *get_args(kind), *[one for two in get_args(kind) for one in get_args(two)]]
    return any(isinstance(one, type) and issubclass(one, BaseModel) for one in kinds)


def shown(value: Any) -> str:
    """A default, as somebody would write it."""
    if value is PydanticUndefined:
        return "must be given"
    if isinstance(value, BaseModel):
        return "see below"
    if isinstance(value, SecretStr) or value in ("", (), {}, None):
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{key} {shown(one)}" for key, one in value.items())
    return f"`{_plain(value)}`"


def _plain(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case timedelta():
            return span(value)
        case _:
            return str(value)


def span(value: timedelta) -> str:
    """A span as ISO 8601 writes it."""
    minutes = int(value.total_seconds() // 60)
    if minutes % 1_440 == 0:
        return f"P{minutes // 1_440}D"
    return f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"


def environment(name: str) -> str:
    """The environment variable of a setting."""
    return {field: plain for plain, field in PLAIN.items()}.get(name, f"GOSHAWK_{name.upper()}")


def table(head: tuple[str, ...], body: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table; strokes inside a cell are escaped."""
    lines = [head, tuple("---" for _ in head), *body]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def main_table() -> str:
    """Every setting of a process."""
    return table(
        ("Setting", "Environment", "Unit or form", "Default", "What it does"),
        ((f"`{row.name}`", f"`{environment(row.name)}`", row.unit, row.default, row.says) for row in rows(Settings)),
    )


def part_table(model: type[BaseModel]) -> Callable[[], str]:
    """The keys of one table of goshawk.toml."""
    return lambda: table(
        ("Key", "Unit or form", "Default", "What it does"),
        ((f"`{row.name}`", row.unit, row.default, row.says) for row in rows(model)),
    )


def commands() -> str:
    """Every sub-command, its synonyms and what it does; then the shorthands."""
    verbs = ((f"`/social {one.usage}`", ", ".join(f"`{word}`" for word in one.synonyms), one.about) for one in VERBS)
    short = ((f"`{name}`", "", f"the same as `/social {verb}`") for name, verb in SHORTHANDS.items())
    return table(("Type", "Also", "What happens"), iter([*verbs, *short]))


def scopes() -> str:
    """Every scope that the manifest asks for, and why."""
    return table(("Scope", "What Goshawk does with it"), ((f"`{name}`", why) for name, why in SCOPES.items()))


#: Each made part: the page it stands on, and what makes it.
PARTS: Final[Mapping[str, tuple[str, Callable[[], str]]]] = {
    "settings": ("docs/settings.md", main_table),
    "channels": ("docs/settings.md", part_table(sections.Channels)),
    "tiers": ("docs/settings.md", part_table(sections.TierSettings)),
    "roles": ("docs/settings.md", part_table(sections.RoleSettings)),
    "approval": ("docs/settings.md", part_table(sections.ApprovalSettings)),
    "templates": ("docs/settings.md", part_table(sections.TemplateSettings)),
    "feed-rss": ("docs/settings.md", part_table(sections.RssFeedSettings)),
    "feed-webhook": ("docs/settings.md", part_table(sections.WebhookFeedSettings)),
    "feed-demo": ("docs/settings.md", part_table(sections.DemoFeedSettings)),
    "commands": ("README.md", commands),
    "scopes": ("docs/slack.md", scopes),
}


def framed(name: str, text: str) -> str:
    """A made part between its comments."""
    return f"<!-- made: {name} -->\n\n{text}\n\n<!-- end: {name} -->"


def written(name: str, page: str) -> str | None:
    """The made part as it stands on a page; None when the page has no place for it."""
    found = re.search(rf"<!-- made: {name} -->.*?<!-- end: {name} -->", page, re.DOTALL)
    return found[0] if found else None


def main() -> None:
    """Write every made part into its page."""
    for name, (page, make) in PARTS.items():
        path = ROOT / page
        text = path.read_text()
        if (old := written(name, text)) is None:
            raise SystemExit(f"{page} has no place for {name}: write {framed(name, '...')}")
        path.write_text(text.replace(old, framed(name, make())))


if __name__ == "__main__":
    main()
