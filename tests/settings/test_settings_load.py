"""Settings from three places, and a sentence for each way to get them wrong."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.sla import PROMISES, Priority
from bot.errors import Misconfigured
from bot.settings import load, only

FEED = {"name": "square", "kind": "demo", "url": "http://127.0.0.1:8765"}


@pytest.fixture(autouse=True)
def _alone(tmp_path, monkeypatch):
    """Stand in an empty folder, with an environment that says nothing."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(("GOSHAWK_", "SLACK_")) or name in {"DATABASE_URL", "PORT"}:
            monkeypatch.delenv(name)


def write(text: str | bytes, name: str = "goshawk.toml") -> None:
    path = Path(name)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def trouble(**given) -> str:
    with pytest.raises(Misconfigured) as wrong:
        load(**given)
    sentence = str(wrong.value)
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))
    return sentence


def test_defaults_need_no_file_and_no_environment():
    settings = load()

    assert settings.store_url == "sqlite:///goshawk-data/goshawk.db"
    assert settings.all_promises == dict(PROMISES)
    assert settings.zone.key == "UTC"


def test_arguments_win_over_the_environment_and_that_over_the_file(monkeypatch):
    write('timezone = "Europe/Lisbon"\nundo_s = 1\nreach_p1 = 7')
    monkeypatch.setenv("GOSHAWK_UNDO_S", "2")
    monkeypatch.setenv("GOSHAWK_REACH_P1", "8")

    settings = load(reach_p1=9)

    assert (settings.timezone, settings.undo_s, settings.reach_p1) == ("Europe/Lisbon", 2, 9)


def test_what_demo_and_replay_give_themselves_is_all_they_hear(monkeypatch):
    write("undo_s = 1")
    monkeypatch.setenv("GOSHAWK_UNDO_S", "2")
    monkeypatch.setenv("GOSHAWK_PROT", "no setting")

    assert only().undo_s == 15
    with pytest.raises(Misconfigured, match="The setting undo_s is wrong"):
        only(undo_s=-1)


def test_names_without_our_prefix_are_those_of_hosts_and_of_slack(monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@db.example/g")
    monkeypatch.setenv("PORT", "8080")

    settings = load()

    assert settings.slack_bot_token.get_secret_value() == "xoxb-1"
    assert settings.store_url == "postgresql+psycopg://u:p@db.example/g"
    assert settings.port == 8080
    assert "xoxb-1" not in repr(settings)


def test_parts_and_promises_come_from_the_environment_too(monkeypatch):
    monkeypatch.setenv("GOSHAWK_CHANNELS__CASES", "#care")
    monkeypatch.setenv("GOSHAWK_PROMISES", json.dumps({"P1": "PT10M"}))
    monkeypatch.setenv("GOSHAWK_SECRETS__SQUARE", "one two")

    settings = load()

    assert settings.channels.cases == "#care"
    assert settings.all_promises[Priority.P1] == timedelta(minutes=10)
    assert settings.all_promises[Priority.P2] == PROMISES[Priority.P2]
    assert settings.secrets["square"].get_secret_value() == "one two"


def test_names_of_the_sandbox_and_of_the_tests_are_no_mistakes(monkeypatch):
    monkeypatch.setenv("GOSHAWK_SIM_TOKEN", "t")
    monkeypatch.setenv("GOSHAWK_TEST_DATABASE_URL", "postgresql://127.0.0.1/test")

    assert load().port == 8770


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("GOSHAWK_TIMEZON", "Did you mean GOSHAWK_TIMEZONE?"),
        ("GOSHAWK_CHANNEL__CASES", "Did you mean GOSHAWK_CHANNELS?"),
        ("GOSHAWK_PORT", "Did you mean PORT?"),
        ("GOSHAWK_SLACK_BOT_TOKEN", "Did you mean SLACK_BOT_TOKEN?"),
        ("GOSHAWK_QQQQQQQQ", "docs/settings.md lists all names."),
    ],
)
def test_a_misspelt_environment_name_is_refused_with_a_hint(monkeypatch, name, hint):
    monkeypatch.setenv(name, "x")

    assert trouble() == f"The environment sets {name}, which is no setting. {hint}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("undo_s = -1", "undo_s is wrong: it must be greater than or equal to 0"),
        ("rollup_minutes = inf", "rollup_minutes is wrong: it must be a finite number"),
        ('undo_s = "soon"', "undo_s is wrong: write a number"),
        ('port = "soon"', "port is wrong: write a whole number"),
        ('direct_reply = "soon"', "direct_reply is wrong: write true or false"),
        ("oncall = 3", "oncall is wrong: write a text in quotes"),
        ('timezone = "Lisbon"', "timezone is wrong: 'Lisbon' is no time zone; write one like Europe/Lisbon"),
        ('log_level = "loud"', "log_level is wrong: it must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ('[promises]\nP1 = "PT0S"', "promises.P1 is wrong: it must be greater than 0 seconds"),
        ('[promises]\nP1 = "10 minutes"', "promises.P1 is wrong: write a span like PT30M, PT2H or P1D"),
        ('[promises]\nP7 = "PT5M"', "promises.P7 is wrong: it must be 'P1', 'P2', 'P3' or 'P4'"),
        ('[[tiers]]\nname = "lead"', "channel of [[tiers]] number 1 is wrong: it must be given"),
        (
            '[[tiers]]\nname = "lead"\nchannel = "#a"\n[[tiers]]\nname = "Lead"\nchannel = "#b"',
            "tiers is wrong: two tiers are called 'lead'; names must differ",
        ),
        ('[tiers]\nname = "lead"', "tiers is wrong: write [[tiers]] in two brackets, once for each"),
        (
            '[[roles]]\nrole = "admin"\nwho = "@cleo"',
            'who of [[roles]] number 1 is wrong: write a list, for instance ["a"]',
        ),
        ('[approval]\npriorities = ["p1"]', "approval.priorities is wrong: it must be 'P1', 'P2', 'P3' or 'P4'"),
        (
            '[[feeds]]\nname = "square"\nkind = "pigeon"',
            "[[feeds]] number 1 is wrong: there is no kind 'pigeon'; there are 'demo', 'rss', 'webhook'",
        ),
        ('[[feeds]]\nname = "blog"', '[[feeds]] number 1 is wrong: it needs a kind: "rss", "webhook" or "demo"'),
        (
            '[[feeds]]\nname = "My Feed"\nkind = "webhook"',
            "name of [[feeds]] number 1 is wrong: write small letters, digits and dashes, a letter first, at most 31",
        ),
        (
            '[[templates]]\nname = "Hi"\ntext = "Hi"\nlang = "English"',
            "lang of [[templates]] number 1 is wrong: write two small letters, for instance en",
        ),
        ('[dm_links]\nx = "x.example"', "dm_links.x is wrong: write an address that begins with https://"),
        ('[signatures]\nana = "A N A"', "signatures.ana is wrong: write at most 20 characters without a blank"),
    ],
)
def test_a_wrong_value_is_named_with_its_place_and_what_to_write(text, sentence):
    write(text)

    assert trouble() == f"The setting {sentence}. See docs/settings.md."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("timezon = 'UTC'", "timezon is wrong: there is none of that name; did you mean timezone"),
        ('[chanels]\ncases = "#care"', "chanels is wrong: there is none of that name; did you mean channels"),
        ('[channels]\ncase = "#care"', "channels.case is wrong: there is none of that name; did you mean cases"),
        (
            '[[feeds]]\nname = "blog"\nkind = "rss"\nurl = "https://x.example"\nevery = 3',
            "every of [[feeds]] number 1 is wrong: there is none of that name; did you mean every_s",
        ),
        ("qqqqqq = 1", "qqqqqq is wrong: there is none of that name"),
        (
            '[channels]\ncases = "#care"\ntimezone = "UTC"',
            (
                "channels.timezone is wrong: there is none of that name in this table. "
                "timezone stands above the first [table] of the file"
            ),
        ),
    ],
)
def test_a_misspelt_key_of_the_file_is_refused_with_the_nearest_name(text, sentence):
    write(text)

    assert trouble() == f"The setting {sentence}. See docs/settings.md."


def test_two_feeds_of_one_name_are_refused():
    assert trouble(feeds=(FEED, FEED)) == (
        "The setting feeds is wrong: two feeds are called 'square'; names must differ. See docs/settings.md."
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("timezone = Lisbon", "Text needs quotes"),
        (b'\xff\xfe = "x"', "Save it as plain UTF-8"),
        (b'\xef\xbb\xbftimezone = "UTC"', "without a byte order mark"),
        ("[[feeds]", "at line 1"),
    ],
)
def test_a_file_that_is_no_toml_is_named(text, reason):
    write(text)

    sentence = trouble()

    assert sentence.startswith("The file goshawk.toml cannot be read: ")
    assert reason in sentence


def test_another_file_can_be_named_and_must_be_there(monkeypatch):
    write("undo_s = 3", "mine.toml")
    monkeypatch.setenv("GOSHAWK_CONFIG", "mine.toml")
    assert load().undo_s == 3

    monkeypatch.setenv("GOSHAWK_CONFIG", "theirs.toml")
    assert trouble() == "GOSHAWK_CONFIG names theirs.toml, which is no file. Correct it or unset it."


def test_a_folder_in_the_place_of_the_file_is_not_passed_over():
    Path("goshawk.toml").mkdir()

    assert trouble() == "goshawk.toml is a folder, and should be a file. Move it away."


def test_a_misspelt_environment_name_in_small_letters_is_refused_too(monkeypatch):
    monkeypatch.setenv("goshawk_timezon", "UTC")

    assert trouble() == "The environment sets goshawk_timezon, which is no setting. Did you mean GOSHAWK_TIMEZONE?"


def test_json_in_the_environment_that_is_none_is_said(monkeypatch):
    monkeypatch.setenv("GOSHAWK_FEEDS", "[")

    assert trouble() == "The environment's GOSHAWK_FEEDS is no JSON. docs/settings.md shows how to write it."


def test_a_secret_in_the_wrong_place_is_not_repeated(monkeypatch):
    monkeypatch.setenv("PORT", "xoxb-secret")

    assert "xoxb-secret" not in trouble()


def test_a_template_with_a_variable_that_nobody_knows_is_refused_with_those_that_are_known():
    sentence = trouble(templates=[{"name": "Hello", "text": "Hello {first_name}"}])

    assert "{first_name}, which nobody can fill in" in sentence
    assert "{name}, {handle}, {case}, {account}, {dm_link}, {signature}" in sentence


def test_a_template_that_leads_into_private_needs_an_address_for_its_network():
    private = {"name": "Private", "text": "Write to us: {dm_link}"}
    mastodon = {**private, "network": "Mastodon"}

    assert "the template 'Private' uses {dm_link}; set dm_links to" in trouble(templates=[private])
    elsewhere = {"bluesky": "https://bluesky.example/@us"}
    assert "set dm_links.Mastodon to" in trouble(templates=[mastodon], dm_links=elsewhere)
    assert load(templates=[private], dm_links=elsewhere)
    assert load(templates=[mastodon], dm_links={"mastodon": "https://mastodon.example/@us"})
    assert "dm_links" in trouble(dm_links={"mastodon": "write to us"})


def test_two_templates_may_not_have_one_name():
    twice = [{"name": "Hello", "text": "Hello"}, {"name": "hello", "text": "Good day"}]

    assert "two templates are called 'hello'" in trouble(templates=twice)
