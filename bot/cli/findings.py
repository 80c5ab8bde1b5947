"""What the doctor found: how bad it is, what it is about, and one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import orjson


class Mark(IntEnum):
    """How bad a finding is; the worst one is the exit code."""

    OK = 0
    WARNING = 1
    BROKEN = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    mark: Mark
    about: str
    """What was looked at, in one word that programs may go by."""
    text: str


def ok(about: str, text: str) -> Finding:
    """Return that something is well."""
    return Finding(Mark.OK, about, text)


def warning(about: str, text: str) -> Finding:
    """Return what somebody should look at."""
    return Finding(Mark.WARNING, about, text)


def broken(about: str, text: str) -> Finding:
    """Return what does not work."""
    return Finding(Mark.BROKEN, about, text)


def worst(findings: Iterable[Finding]) -> Mark:
    """Return the worst mark."""
    return max((one.mark for one in findings), default=Mark.OK)


def verdict(findings: Iterable[Finding]) -> str:
    """Return all in one sentence."""
    marks = [one.mark for one in findings]
    bad, warnings = marks.count(Mark.BROKEN), marks.count(Mark.WARNING)
    if not bad and not warnings:
        return "All is well."
    return f"{bad} broken, {warnings} to look at." if bad else f"Nothing is broken, {warnings} to look at."


def as_json(findings: Iterable[Finding]) -> str:
    """Return the findings for a program."""
    found = list(findings)
    lines = [{"mark": one.mark.name.lower(), "about": one.about, "text": one.text} for one in found]
    return orjson.dumps({"worst": worst(found).name.lower(), "findings": lines}, option=orjson.OPT_INDENT_2).decode()
