"""Imports go downwards, and the innermost rooms need nothing but Python."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib

import pytest

from tests.house.tree import CODE, ROOT, name_of, parsed, under

#: Rooms that hold the law and the judgement: they must run anywhere, and be read without knowing a library.
PURE = ("bot/domain/", "bot/triage/", "bot/privacy/redact", "bot/privacy/numbers", "bot/privacy/phones")

#: Every room and single file of the bot, as the contracts name them.
ROOMS = {name_of(path).split("/")[1].removesuffix(".py") for path in CODE} - {"__init__", "__main__"}

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def imported(path):
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name_of(path)} imports relatively"
            yield node.module or ""


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_needs_only_python(room):
    allowed = {*sys.stdlib_module_names, "bot"}
    strange = {
        f"{name_of(path)}: {name}"
        for path in under(room, ".py")
        for name in imported(path)
        if name.partition(".")[0] not in allowed
    }

    assert strange == set()


@pytest.mark.parametrize("room", ["bot/sandbox/", "bot/demo/"])
def test_what_plays_the_outside_knows_nothing_of_the_bot(room):
    own = room.strip("/").replace("/", ".")
    known = {name for path in under(room, ".py") for name in imported(path) if name.partition(".")[0] == "bot"}

    assert {name for name in known if not (name == own or name.startswith(f"{own}."))} == set()


def test_no_import_hides_behind_type_checking():
    hidden = [
        name_of(path)
        for path in CODE
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    ]

    assert hidden == []


def test_every_room_stands_on_a_floor():
    layers = next(one for one in CONTRACTS if one["type"] == "layers")
    floors = {room.strip() for layer in layers["layers"] for room in layer.split("|")}

    assert layers["exhaustive"]
    assert floors == ROOMS


def test_the_contracts_about_rooms_name_every_room():
    """A new room must be told in the contracts that list rooms, or they would not bind it."""
    rooms = {f"bot.{room}" for room in ROOMS}
    for contract in CONTRACTS:
        listed = set(contract.get("source_modules", []))
        if contract["name"].startswith("Only the store"):
            assert rooms - listed == {"bot.store"}
        if contract["name"].startswith("Only the Slack room"):
            assert rooms - listed == {"bot.slack"}
        if contract["name"].startswith("The sandbox and the demo"):
            assert rooms - set(contract["forbidden_modules"]) == {"bot.sandbox", "bot.demo"}


def test_the_contracts_are_kept():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout
