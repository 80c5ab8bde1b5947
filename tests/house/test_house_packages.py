"""What is installed is pinned, has a reason, and nothing of a person's machine is in the tree."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT, files, name_of

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINS = (ROOT / "constraints.txt").read_text().splitlines()
REASONS = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text()


def declared() -> list[Requirement]:
    groups = PROJECT["project"]["optional-dependencies"].values()
    lines = [*PROJECT["project"]["dependencies"], *(line for group in groups for line in group)]
    return [Requirement(line) for line in lines if not line.startswith("goshawk")]


def pinned() -> dict[str, str]:
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in PINS)}


def needed() -> dict[str, str]:
    """Every distribution that our own, with all its extras, pulls in on this machine, and its installed version."""
    found: dict[str, str] = {}
    waiting = [(canonicalize_name(one.name), frozenset(one.extras)) for one in declared()]
    seen = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        distribution = importlib.metadata.distribution(name)
        found[name] = distribution.version
        for line in distribution.requires or []:
            one = Requirement(line)
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in (extras or {""})):
                waiting.append((canonicalize_name(one.name), frozenset(one.extras)))
    return found


def test_constraints_hold_names_and_versions_and_nothing_else():
    assert [line for line in PINS if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", line)] == []
    assert len(pinned()) == len(PINS)


def test_every_installed_distribution_is_pinned_to_what_is_installed():
    pins = pinned()
    wrong = {name: (version, pins.get(name)) for name, version in needed().items() if pins.get(name) != version}

    assert wrong == {}


def test_ranges_stand_in_the_project_and_pins_fit_them():
    pins = pinned()
    for one in declared():
        assert {piece.operator for piece in one.specifier} == {">=", "<"}, one
        assert one.specifier.contains(pins[canonicalize_name(one.name)]), one


def test_the_build_backend_is_pinned_exactly():
    requires = PROJECT["build-system"]["requires"]

    assert [line for line in requires if not re.fullmatch(r"[a-z-]+==[0-9.]+", line)] == []
    named = dict(line.split("==") for line in requires)
    assert {canonicalize_name(name): version for name, version in named.items()}.items() <= pinned().items()


@pytest.mark.parametrize("one", [*declared(), Requirement("hatchling")], ids=lambda one: one.name)
def test_every_dependency_has_its_reason(one: Requirement):
    assert re.search(rf"^\| `{re.escape(one.name)}` \| .{{20,}} \|$", REASONS, re.MULTILINE | re.IGNORECASE)


def test_no_reason_is_left_of_a_dependency_that_went():
    named = {canonicalize_name(name) for name in re.findall(r"^\| `([^`]+)` \|", REASONS, re.MULTILINE)}

    assert named == {canonicalize_name(one.name) for one in declared()} | {"hatchling"}


def test_every_ignored_rule_says_why():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    rules = [line for line in lines if re.match(r'\s+"[A-Z]{1,4}[0-9]*"', line)]

    assert len(rules) > 10
    assert [line for line in rules if not re.search(r"#\s+\S+ \S+", line)] == []


def test_nothing_in_the_tree_knows_a_persons_machine():
    home = re.compile(r"(?<![\w.*/-])/(?:home|Users|root)/[\w.]")
    texts = [path for path in files() if path.suffix not in {".png", ".ico", ".gz"}]

    assert [name_of(path) for path in texts if home.search(path.read_text(errors="ignore"))] == []


def test_no_index_is_named():
    """Packages come from wherever the machine's own tools look."""
    setting = re.compile(r"--(?:extra-)?index-url|--find-links|\bPIP_INDEX")
    told = [path for path in files() if path.suffix in {".toml", ".txt", ".md", ""}]

    assert [name_of(path) for path in told if setting.search(path.read_text())] == []
