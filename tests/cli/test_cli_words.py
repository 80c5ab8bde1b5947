"""What every command says when a person types something wrong: one sentence, what to do, exit code 2."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __version__
from bot.cli.commands import app
from tests.cli.terminal import typed

BOT, APP = "xoxb-sandbox-harbourline-goshawk", "xapp-sandbox-harbourline-goshawk"
TOKENS = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}

#: What stands in the environment, and what must be said about it.
ENVIRONMENTS = {
    "no token": ({}, "SLACK_BOT_TOKEN is not set. docs/slack.md says where to find it; `goshawk demo` needs none."),
    "one token": ({"SLACK_BOT_TOKEN": BOT}, "SLACK_APP_TOKEN is not set."),
    "swapped": ({"SLACK_BOT_TOKEN": APP, "SLACK_APP_TOKEN": BOT}, "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped"),
    "no token at all": ({**TOKENS, "SLACK_BOT_TOKEN": "hunter2"}, "SLACK_BOT_TOKEN must begin with xoxb-"),
    "a blank": ({**TOKENS, "SLACK_APP_TOKEN": f"{APP} "}, "SLACK_APP_TOKEN must begin with xapp- and hold no blanks"),
    "a blank inside": (
        {**TOKENS, "SLACK_BOT_TOKEN": "xoxb-1 2"},
        "SLACK_BOT_TOKEN must begin with xoxb- and hold no bl",
    ),
    "no folder": (
        {**TOKENS, "DATABASE_URL": "sqlite:///no/where/x.db"},
        "no/where cannot be written. Correct DATABASE_URL.",
    ),
    "plain http": ({**TOKENS, "SLACK_API_URL": "http://slack.example/api/"}, "SLACK_API_URL must begin with https://"),
    "misspelt": ({"GOSHAWK_PROT": "1"}, "GOSHAWK_PROT, which is no setting. Did you mean"),
    "a number": ({"GOSHAWK_UNDO_S": "soon"}, "undo_s is wrong: write a number"),
    "a port": ({"PORT": "99999"}, "PORT is wrong: it must be less than or equal to 65535"),
    "no JSON": ({"GOSHAWK_FEEDS": "["}, "GOSHAWK_FEEDS is no JSON"),
    "no file": ({"GOSHAWK_CONFIG": "nowhere.toml"}, "GOSHAWK_CONFIG names nowhere.toml, which is no file."),
    "a zone": ({"GOSHAWK_TIMEZONE": "Mars/Base"}, "'Mars/Base' is no time zone; write one like Europe/Lisbon"),
    "a database": ({**TOKENS, "DATABASE_URL": "mysql://host/name"}, "DATABASE_URL is no address of a database"),
    "no database": ({**TOKENS, "DATABASE_URL": "nonsense"}, "DATABASE_URL is no address of a database"),
    "an @ in a password": (
        {**TOKENS, "DATABASE_URL": "postgres://me:p@hidden-word@127.0.0.1/x"},
        "with %40 for an @ in the password",
    ),
    "no port of a database": ({**TOKENS, "DATABASE_URL": "postgres://me@127.0.0.1:port/x"}, "DATABASE_URL is no addr"),
    "a server nobody knows": (
        {**TOKENS, "DATABASE_URL": "postgres://me:hidden-word@no-such-host.invalid/x"},
        "The database server no-such-host.invalid cannot be used",
    ),
    "a folder": ({**TOKENS, "GOSHAWK_DATA": "/dev/null/data"}, "The folder /dev/null/data cannot be written"),
    "a silent server": (
        {**TOKENS, "DATABASE_URL": "postgres://me:hidden-word@127.0.0.1:9/x"},
        "The database server 127.0.0.1 cannot be used",
    ),
    "no Slack": ({**TOKENS, "SLACK_API_URL": "http://127.0.0.1:9/api/"}, "Slack cannot be reached"),
}

#: What stands in goshawk.toml, and what must be said about it.
FILES = {
    "no TOML": ("colours = [", "goshawk.toml cannot be read"),
    "an unknown key": ("colour = 1", "colour"),
    "an unknown key in a table": ('[channels]\ncare = "#x"', "channels.care"),
    "a port": ("port = 99999", "The setting port is wrong: it must be less than or equal to 65535"),
    "a wrong type": ('undo_s = "soon"', "undo_s is wrong: write a number"),
    "an unknown feed": ('[[feeds]]\nkind = "telepathy"\nname = "x"', "'demo', 'rss', 'webhook'"),
    "a feed without its address": (
        '[[feeds]]\nkind = "rss"\nname = "x"',
        "url of [[feeds]] number 1 is wrong: it must be given",
    ),
    "two of one name": (
        '[[feeds]]\nkind = "webhook"\nname = "x"\n[[feeds]]\nkind = "webhook"\nname = "x"',
        "two feeds are called 'x'; names must differ",
    ),
    "a webhook without a secret": (
        '[[feeds]]\nkind = "webhook"\nname = "my-shop"',
        "The webhook my-shop has no secret. Set GOSHAWK_SECRETS__MY_SHOP.",
    ),
}

#: What is typed, and what must be said about it.
LINES = {
    "demo --data /dev/null/data --port 0": "The folder /dev/null/data cannot be written (Not a directory).",
    "replay nowhere.csv": "nowhere.csv does not exist. Check the name.",
    "restore nowhere.db": "nowhere.db does not exist, or is no file. Check the name.",
    "restore broken.db": "broken.db is damaged or no database (file is not a database). Restore a",
    "restore --check .": ". does not exist, or is no file. Check the name.",
    "web --host 192.0.2.1 --port 0": "192.0.2.1 is no address of this machine. Write --host 127.0.0.1",
    "replay .": ". is a folder. Name the file in it.",
    "replay empty.csv": "empty.csv is empty. Give a CSV file, or JSON with one object a line.",
    "replay picture.csv": "picture.csv is no UTF-8 text.",
    "replay posts.csv --text-column words": "has no column 'words' (for text). Its columns are: author, id, te.",
    "replay posts.csv": "No column of posts.csv looks like the text. Say which one it is with --text-column. It has: a",
    "replay posts.csv --text-column te --own us": "has no column 'us' (for own). Write --own COLUMN=VALUE. Its columns",
    "replay broken.jsonl": "No line of broken.jsonl holds a JSON object. Write one a line, with an id, or say with",
    "replay quotes.csv": "The first line of quotes.csv names no columns. Write a header: id,author,text,posted_at.",
    "replay list.json": "list.json is one JSON list. Write one object a line",
    "sandbox --keep broken.db --port 0": "The sandbox cannot use broken.db: file is not a database.",
    "sandbox --manifest nowhere.json": "The manifest nowhere.json cannot be read (No such file or directory).",
    "sandbox --manifest posts.csv": "The manifest posts.csv is no JSON.",
    "sandbox --manifest list.json": "The manifest list.json is no JSON object.",
    "sandbox --manifest one.json": "The manifest's display_information.name must be 1 to 35 characters.",
    "sandbox --request-url https://example.com/slack --port 0": "https://example.com/slack cannot be the request URL",
    "demo --data broken --port 0": "The file broken/goshawk.db is damaged or no database",
    "demo --data broken2 --port 0": "The platform cannot use broken2/platform.db: file is not a database.",
}


def is_one_sentence_for_a_person(err: str) -> bool:
    return bool(re.fullmatch(r"goshawk: [^\n]+[.?']\n", err)) and "Traceback" not in err and len(err) < 400


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_wrong_environment_is_said(goshawk, name):
    environment, sentence = ENVIRONMENTS[name]

    said = goshawk("run", **{"PORT": "0", **environment})

    assert said.code == 2
    assert sentence in said.err
    assert is_one_sentence_for_a_person(said.err)
    assert "hidden-word" not in said.err


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_file_of_settings_is_said(goshawk, folder, name):
    content, sentence = FILES[name]
    (folder / "goshawk.toml").write_text(content)

    said = goshawk("run", **TOKENS)

    assert said.code == 2
    assert sentence in said.err
    assert is_one_sentence_for_a_person(said.err)


@pytest.mark.parametrize("line", LINES)
def test_what_cannot_be_used_is_said(goshawk, folder, line):
    noise = bytes(range(256)) * 40
    for place in ("broken.db", "broken/goshawk.db", "broken2/platform.db", "picture.csv"):
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_bytes(noise)
    (folder / "empty.csv").touch()
    (folder / "posts.csv").write_text("id,author,te\n1,mo,hello\n")
    (folder / "broken.jsonl").write_text('{"id": 1,\n{"id: 2}\n')
    (folder / "quotes.csv").write_text('"id,author\n' * 400)
    (folder / "list.json").write_text('[{"id": 1}]')
    (folder / "one.json").write_text("{}")

    said = goshawk(*line.split())

    assert said.code == 2
    assert LINES[line] in said.err
    assert is_one_sentence_for_a_person(said.err)


@pytest.mark.parametrize("command", ["demo --no-browser", "run", "sandbox", "replay posts.csv"])
def test_a_busy_port_is_said(goshawk, folder, command):
    (folder / "posts.csv").write_text("id,author,text\n1,mo,hello\n")
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]

        said = goshawk(*command.split(), "--port", str(port), **TOKENS)

    assert said.code == 2
    assert said.err == f"goshawk: Port {port} is in use by another program. Choose another with --port.\n"


def test_goshawk_alone_lists_its_commands_and_one_misspelt_is_guessed(goshawk):
    alone, misspelt = goshawk(), goshawk("replya")

    assert all(command.name in alone.out + alone.err for command in app.registered_commands if command.name)
    assert "goshawk demo" in alone.out + alone.err
    assert misspelt.code == 2
    assert "No such command 'replya'. Did you mean 'replay'?" in misspelt.err


def test_every_command_explains_itself_and_its_flags(goshawk):
    for command in app.registered_commands:
        name = command.name or command.callback.__name__
        shown = goshawk(name, "--help")

        assert shown.code == 0
        assert "Traceback" not in shown.out
        flags = re.findall(r"^  (?:-h, )?(--[a-z-]+)[^\n]*(?:\n {10,}\S[^\n]*)*", shown.out, re.MULTILINE)
        assert flags
        assert all(re.search(rf"{flag}\b[^\n]*?\s{{2,}}\S|{flag}[^\n]*\n\s{{10,}}\S", shown.out) for flag in flags)


def test_the_script_is_the_same_door(tmp_path):
    code, out, err = typed("version", cwd=tmp_path)

    assert (code, out, err) == (0, f"{__version__}\n", "")


@pytest.mark.parametrize("asked", ["--version", "version"])
def test_the_version_is_told_however_it_is_asked(goshawk, asked):
    assert goshawk(asked).out == f"{__version__}\n"


def test_help_is_given_however_it_is_asked(goshawk):
    """Nobody should have to know which spelling this program wants."""
    whole, one = goshawk("--help").out, goshawk("replay", "--help").out

    assert [goshawk(*asked).out for asked in (["-h"], ["help"])] == [whole, whole]
    assert [goshawk(*asked).out for asked in (["replay", "-h"], ["help", "replay"])] == [one, one]
    assert "..." not in whole.partition("Commands:")[2], "a line of the list is cut off"


def test_a_day_that_is_none_is_refused_with_the_way_to_write_it(goshawk):
    said = goshawk("export", "--since", "yesterday")

    assert said.code == 2
    assert "'yesterday' is no day. Write it as 2026-11-01." in said.err


def test_a_printer_that_is_full_is_told_in_a_sentence():
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "bot", "manifest"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60)  # noqa: S603 - our own

    assert done.returncode == 2
    assert done.stderr == "goshawk: What should be printed finds no room: No space left on device.\n"
