"""The grammar of the tables: small rules for texts, lists and objects that report what they find.

A rule is called with a value, its JSON pointer and the findings. Wordings follow what Slack answers
(``must be less than 3001 characters``), as seen in public bug reports.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


class Findings(list[Finding]):
    """Everything that is wrong with one payload."""

    def add(self, pointer: str, message: str) -> None:
        """Note one finding."""
        self.append(Finding(pointer, message))


Rule = Callable[[Any, str, Findings], None]
Check = Callable[[dict[str, Any], str, Findings], None]

_URL: Final = re.compile(r"https?://[^\s<>\"]+")
_DATE: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def string(most: int, *, least: int = 0, pattern: re.Pattern[str] | None = None) -> Rule:
    """Take a text of ``least`` to ``most`` characters that matches the pattern as a whole."""

    def rule(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.add(at, "must provide a string")
        elif len(value) > most:
            found.add(at, f"must be less than {most + 1} characters")
        elif len(value) < least:
            found.add(at, f"must be more than {least - 1} characters")
        elif pattern is not None and not pattern.fullmatch(value):
            found.add(at, "failed to match pattern")

    return rule


def url(most: int) -> Rule:
    """Take a web address of up to ``most`` characters."""
    length = string(most, least=1)

    def rule(value: Any, at: str, found: Findings) -> None:
        before = len(found)
        length(value, at, found)
        if len(found) == before and not _URL.fullmatch(value):
            found.add(at, "invalid url")

    return rule


def date(value: Any, at: str, found: Findings) -> None:
    """Take a date as YYYY-MM-DD."""
    string(10, least=10, pattern=_DATE)(value, at, found)


def boolean(value: Any, at: str, found: Findings) -> None:
    """Take true or false."""
    if not isinstance(value, bool):
        found.add(at, "must be a valid boolean")


def whole(least: int, most: int) -> Rule:
    """Take a whole number between two bounds, both allowed."""

    def rule(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            found.add(at, "must be a valid integer")
        elif value < least:
            found.add(at, f"must be greater than {least - 1}")
        elif value > most:
            found.add(at, f"must be less than {most + 1}")

    return rule


def one_of(*allowed: str) -> Rule:
    """Take one of these words."""

    def rule(value: Any, at: str, found: Findings) -> None:
        if value not in allowed:
            found.add(at, "must be one of: " + ", ".join(allowed))

    return rule


def array(item: Rule, least: int, most: int) -> Rule:
    """Take a list of ``least`` to ``most`` things that obey ``item``."""

    def rule(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, list):
            found.add(at, "must provide an array")
            return
        if len(value) > most:
            found.add(at, f"no more than {most} items allowed")
        if len(value) < least:
            found.add(at, f"no fewer than {least} items allowed")
        for index, one in enumerate(value[:most]):
            item(one, f"{at}/{index}", found)

    return rule


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: the fields it must have, those it may have, and laws between them."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    laws: tuple[Check, ...] = ()

    def __call__(self, value: Any, at: str, found: Findings) -> None:
        """Check one object; laws are asked only when every field is right."""
        if not isinstance(value, dict):
            found.add(at, "must provide an object")
            return
        before = len(found)
        for name in self.required:
            if name not in value:
                found.add(at, f"missing required field: {name}")
        for name, part in value.items():
            rule = self.required.get(name) or self.optional.get(name)
            if rule is not None:
                rule(part, f"{at}/{name}", found)
            elif name != "type":
                found.add(at, f"invalid additional property: {name}")
        if len(found) == before:
            for law in self.laws:
                law(value, at, found)


def typed(table: Mapping[str, Rule], allowed: frozenset[str] | None = None) -> Rule:
    """Take an object whose ``type`` names a rule of the table (and is allowed in this place)."""

    def rule(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add(at, "must provide an object")
            return
        kind = value.get("type")
        if kind is None:
            found.add(at, "missing required field: type")
        elif not isinstance(kind, str) or kind not in table or (allowed is not None and kind not in allowed):
            found.add(f"{at}/type", f"unsupported type: {kind}")
        else:
            table[kind](value, at, found)

    return rule


def either(*names: str) -> Check:
    """Demand exactly one of these fields."""

    def law(value: dict[str, Any], at: str, found: Findings) -> None:
        if sum(name in value for name in names) != 1:
            found.add(at, "must define either " + " or ".join(f"`{name}`" for name in names))

    return law


def any_of(*names: str) -> Check:
    """Demand at least one of these fields."""

    def law(value: dict[str, Any], at: str, found: Findings) -> None:
        if not any(name in value for name in names):
            found.add(at, "must define either " + " or ".join(f"`{name}`" for name in names))

    return law
