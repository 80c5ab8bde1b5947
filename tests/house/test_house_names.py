"""Names, words and errors are those of the house."""

from __future__ import annotations

import ast
import re
from collections import Counter

from bot import errors
from bot.errors import GoshawkError
from tests.house.tree import CODE, TESTS, Function, classes, definitions, files, name_of, parsed

REFUSED_FILES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "core", "misc"}

#: Where an error is caught whatever it is, how often, and why. Anywhere else it goes up and is loud.
ANY_ERROR = {
    "bot/cli/kept.py": (1, "a thread that nobody waits for carries the error to who asked"),
    "bot/jobs/runner.py": (1, "one broken job must not stop the others"),
    "bot/intake/listener.py": (1, "one broken feed must not stop the others"),
    "bot/intake/together.py": (1, "what is asked together is answered, or refused, one by one"),
    "bot/intake/pipeline.py": (1, "a failing judge shows the post to a person"),
    "bot/store/engine.py": (2, "the writer thread carries the error to those who wait for it"),
}

#: Rooms that may know errors of their own: they import nothing of the bot.
STRANGERS = ("bot/sandbox/", "bot/demo/")


def test_no_file_is_named_for_nothing():
    bad = [name_of(path) for path in files() if path.stem.lower() in REFUSED_FILES]

    assert bad == []


def test_no_test_uses_a_stand_in_library():
    word = "mo" + "ck"  # written apart, or this file would be the one that is found
    found = [name_of(path) for path in TESTS if word in path.read_text().lower()]
    patched = [name_of(path) for path in TESTS if re.search(r"monkeypatch\.setattr|unittest\.", path.read_text())]

    assert found == []
    assert [name for name in patched if not name.startswith("tests/house/")] == []


def test_errors_are_caught_blindly_in_named_places_only():
    handlers = [(path, node) for path in CODE for node in ast.walk(parsed(path)) if isinstance(node, ast.ExceptHandler)]
    found = Counter(name_of(path) for path, node in handlers if _catches_all(node) and not _raises_again(node))

    assert found == {name: count for name, (count, _) in ANY_ERROR.items()}


def _catches_all(handler):
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    blind = {"Exception", "BaseException"}
    return any(one is None or (isinstance(one, ast.Name) and one.id in blind) for one in caught)


def _raises_again(handler):
    """Whether it only cleans up."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_every_error_stands_in_the_tree_where_it_belongs():
    defined = {
        name: value.__bases__[0].__name__
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, GoshawkError)
    }

    assert _drawn() == {**defined, "GoshawkError": ""}


def _drawn():
    """Read the tree out of the docstring: each error and the one it grows from."""
    parents, tree = [], {}
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"((?:[│ ]   )*(?:[├└]── )?)([A-Z]\w+)(?: {2,}|$)", line):
            depth = len(found[1]) // 4
            tree[found[2]] = parents[depth - 1] if depth else ""
            parents[depth:] = [found[2]]
    return tree


def test_errors_are_defined_in_one_file():
    strays = [
        one.name
        for one in classes()
        if any(isinstance(base, ast.Name) and _is_error(base.id) for base in one.node.bases)
        and not one.name.startswith(("bot/errors.py:", *STRANGERS))
        and not one.node.name.startswith("_")
    ]

    assert strays == []


def _is_error(name):
    return name.endswith(("Error", "Exception")) or name in vars(errors)


def test_every_public_name_says_what_it_is():
    silent = [
        one.name
        for path in CODE
        for one in definitions(path)
        if one.public and not _nested(path, one.node) and not _overloads(one.node) and not ast.get_docstring(one.node)
    ]
    files_without = [name_of(path) for path in CODE if not ast.get_docstring(parsed(path))]

    assert silent == []
    assert files_without == []


def _nested(path, node):
    """Whether a name lives inside a function, where only that function sees it."""
    return any(
        one.node is not node and isinstance(one.node, Function) and any(inner is node for inner in ast.walk(one.node))
        for one in definitions(path)
    )


def _overloads(node):
    return isinstance(node, Function) and node.name.startswith("__")


def test_a_docstring_begins_with_one_short_sentence():
    long = [
        f"{name_of(path)}: {ast.get_docstring(parsed(path)).splitlines()[0]}"
        for path in CODE
        if len((ast.get_docstring(parsed(path)) or "").splitlines()[0]) > 120
    ]

    assert long == []


def test_the_nouns_have_no_synonyms_in_file_names():
    bad = re.compile(r"(?:^|_)(?:ticket|agent|handler|conversation)s?(?:_|$)")

    assert [name_of(path) for path in CODE if bad.search(path.stem)] == []
