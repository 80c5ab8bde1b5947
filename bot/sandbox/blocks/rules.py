"""The grammar of the tables: small rules for texts, lists and objects that report what they find.

A rule is called with a value, its JSON pointer and the findings. Codes, constraints and wordings are those of the
library with which Slack checks payloads. Source: slackhq/hack-json-schema, "Constraints", read 2026-11-21.
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
    code: str
    detail: Mapping[str, Any]

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"

    def to_error(self) -> dict[str, Any]:
        """Return one entry of ``errors`` as blocks.validate answers."""
        return {"pointer": self.pointer, "code": self.code, "message": self.message, **self.detail}


class Findings(list[Finding]):
    """Everything that is wrong with one payload."""

    def add(self, pointer: str, message: str, code: str = "failed_constraint", **detail: Any) -> None:
        """Note one finding."""
        self.append(Finding(pointer, message, code, detail))


Rule = Callable[[Any, str, Findings], None]
Check = Callable[[dict[str, Any], str, Findings], None]

#: Where Slack's wording repeats what it got, so much of it is repeated here.
_SHOWN: Final = 100


def limit(kind: str, expected: Any, got: Any) -> dict[str, Any]:
    """Return the ``constraint`` of a finding."""
    return {"type": kind, "expected": expected, "got": got[:_SHOWN] if isinstance(got, str) else got}


def string(most: int, *, least: int = 0, pattern: re.Pattern[str] | None = None) -> Rule:
    """Take a text of ``least`` to ``most`` characters that matches the pattern as a whole."""

    def rule(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.add(at, "must provide a string", "invalid_type")
        elif (got := len(value)) > most:
            found.add(at, f"must be less than {most + 1} characters", constraint=limit("max_length", most, got))
        elif got < least:
            found.add(at, f"must be more than {least - 1} characters", constraint=limit("min_length", least, got))
        elif pattern is not None and not pattern.fullmatch(value):
            wanted = pattern.pattern
            found.add(at, f"input must match regex pattern: {wanted}", constraint=limit("pattern", wanted, value))

    return rule


#: A web address; 3,000 characters are Slack's limit wherever one may stand.
url: Final = string(3_000, least=1, pattern=re.compile(r"https?://[^\s<>\"]+"))


def boolean(value: Any, at: str, found: Findings) -> None:
    """Take true or false."""
    if not isinstance(value, bool):
        found.add(at, "must be a boolean", "invalid_type")


def whole(least: int, most: int) -> Rule:
    """Take a whole number between two bounds, both allowed."""

    def rule(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            found.add(at, "must provide an integer", "invalid_type")
        elif value < least:
            found.add(at, f"must be greater than {least - 1}", constraint=limit("minimum", least, value))
        elif value > most:
            found.add(at, f"must be less than {most + 1}", constraint=limit("maximum", most, value))

    return rule


def one_of(*allowed: str) -> Rule:
    """Take one of these words."""

    def rule(value: Any, at: str, found: Findings) -> None:
        if value not in allowed:
            found.add(at, "must be a valid enum value", constraint=limit("enum", list(allowed), value))

    return rule


def array(item: Rule, least: int, most: int) -> Rule:
    """Take a list of ``least`` to ``most`` things that obey ``item``."""

    def rule(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, list):
            found.add(at, "must provide an array", "invalid_type")
            return
        if (got := len(value)) > most:
            found.add(at, f"no more than {most} items allowed", constraint=limit("max_items", most, got))
        if got < least:
            found.add(at, f"must provide at least {least} items", constraint=limit("min_items", least, got))
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
            found.add(at, "must provide an object", "invalid_type")
            return
        before = len(found)
        for name in self.required:
            if name not in value:
                found.add(at, f"missing required field: {name}", "missing_field", field=name)
        for name, part in value.items():
            rule = self.required.get(name) or self.optional.get(name)
            if rule is not None:
                rule(part, f"{at}/{name}", found)
            elif name != "type":
                extra = {"type": "additional_properties", "got": name[:_SHOWN]}
                found.add(at, f"invalid additional property: {name[:_SHOWN]}", constraint=extra)
        if len(found) == before:
            for law in self.laws:
                law(value, at, found)


def typed(table: Mapping[str, Rule], allowed: frozenset[str] | None = None) -> Rule:
    """Take an object whose ``type`` names a rule of the table (and is allowed in this place)."""
    known = sorted(table.keys() if allowed is None else allowed)

    def rule(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add(at, "must provide an object", "invalid_type")
        elif "type" not in value:
            found.add(at, "missing required field: type", "missing_field", field="type")
        elif not isinstance(kind := value["type"], str):
            found.add(f"{at}/type", "must provide a string", "invalid_type")
        elif kind not in known:
            found.add(f"{at}/type", f"unsupported type: {kind[:_SHOWN]}", constraint=limit("enum", known, kind))
        else:
            table[kind](value, at, found)

    return rule


def either(*names: str, most: int = 1) -> Check:
    """Demand at least one of these fields, and at most so many of them."""

    def law(value: dict[str, Any], at: str, found: Findings) -> None:
        if not 1 <= sum(name in value for name in names) <= most:
            found.add(f"{at}/type", "must define either " + " or ".join(f"`{name}`" for name in names))

    return law
