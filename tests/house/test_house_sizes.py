"""Nothing in the house is too large to be read at once."""

from __future__ import annotations

import ast

from tests.house.tree import CODE, ROOT, SANDBOX, SERVED, Function, classes, functions, name_of, size, under

FILE, FUNCTION, METHODS, PARAMETERS, PATH = 300, 40, 12, 6, 2_000

#: One mention through the house, in this order (docs/decisions/0002).
NINE_FILES = (
    "bot/feeds/demo.py",
    "bot/intake/pipeline.py",
    "bot/triage/scorer.py",
    "bot/cases/desk.py",
    "bot/domain/case.py",
    "bot/slack/notifier.py",
    "bot/slack/cards.py",
    "bot/slack/actions.py",
    "bot/cases/courier.py",
)

#: Functions that may be longer, each with its reason.
LONG = {
    "bot/cli/commands.py:replay": "Typer reads one flag from each parameter, a line each",
    "bot/store/migrations/versions/0001_the_first_tables.py:upgrade": "a migration is a list of tables, read once",
}

#: Functions that may take more, each with its reason.
MANY = {
    "bot/cli/commands.py:replay": "Typer reads one flag from each parameter",
    "bot/slack/blocks.py:button": "a button has that many faces, all but three optional",
}

#: Classes that may offer more, each with its reason.
BROAD = {
    "bot/slack/gateway.py:Gateway": "one call to Slack each, sorted in the same way",
    "bot/domain/case.py:Case": "the acts of a case are its table MOVES, one method each",
    "bot/store/mentions.py:Mentions": "one question of the desk each, no two alike",
    "bot/store/cases.py:Cases": "one question of the desk each, no two alike",
    "bot/store/jobs.py:Jobs": "the whole life of a job, one step each, and the looks at the queue",
    "bot/demo/ledger.py:Ledger": "the whole memory of the demo platform, which may import nothing",
}


def lines_of(name: str) -> int:
    return len((ROOT / name).read_text().splitlines())


def length_of(function: Function) -> int:
    """Lines of a function from its ``def``, without its docstring."""
    spoken = function.body[0] if ast.get_docstring(function) else None
    words = spoken.end_lineno - spoken.lineno + 1 if spoken else 0
    return function.end_lineno - function.lineno + 1 - words


def parameters_of(function: Function) -> int:
    """Parameters that a caller fills in."""
    given = function.args
    named = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in named if name not in {"self", "cls"}])


def test_a_file_of_code_fits_a_few_screens():
    static = [*under("bot/sandbox/static/", ".js", ".css", ".html"), *under("bot/demo/static/", ".css")]
    too_long = {name_of(path): lines_of(name_of(path)) for path in [*CODE, *static] if lines_of(name_of(path)) > FILE}

    assert len(static) > 30
    assert too_long == {}


def test_the_sandbox_stays_smaller_than_the_bot_that_it_serves():
    assert 0 < size(SANDBOX) < size(SERVED)


def test_a_function_fits_one_screen():
    too_long = {one.name: length_of(one.node) for one in functions() if length_of(one.node) > FUNCTION}

    assert too_long.keys() <= LONG.keys(), too_long


def test_most_functions_are_under_ten_lines():
    lengths = [length_of(one.node) for one in functions()]

    assert sum(length < 10 for length in lengths) > len(lengths) / 2


def test_a_class_has_few_public_methods():
    public = {
        one.name: [part.name for part in one.node.body if isinstance(part, Function) and not part.name.startswith("_")]
        for one in classes()
    }

    broad = {name: methods for name, methods in public.items() if len(methods) > METHODS}
    assert broad.keys() <= BROAD.keys(), broad


def test_a_function_takes_few_parameters():
    too_many = {one.name: parameters_of(one.node) for one in functions() if parameters_of(one.node) > PARAMETERS}

    assert too_many.keys() <= MANY.keys(), too_many


def test_an_exception_is_about_something_that_exists():
    known = {one.name for one in (*functions(), *classes())}

    assert {*LONG, *MANY, *BROAD} <= known


def test_one_mention_walks_through_nine_files_under_two_thousand_lines():
    assert sum(lines_of(name) for name in NINE_FILES) < PATH


def test_the_readme_leads_through_the_nine_files_in_order():
    readme = (ROOT / "README.md").read_text()
    places = [readme.find(f"`{name.removeprefix('bot/')}`") for name in NINE_FILES]

    assert -1 not in places
    assert places == sorted(places)
