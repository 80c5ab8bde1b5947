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
        ("undo_s = -1", "The setting undo_s is wrong: Input should be greater than or equal to 0."),
        ("rollup_minutes = inf", "The setting rollup_minutes is wrong: Input should be a finite number."),
        ('undo_s = "soon"', "The setting undo_s is wrong: Input should be a valid number"),
        ("undo = 3", "The setting undo is wrong: there is none of that name."),
        ('[channels]\ncase = "#care"', "The setting channels.case is wrong: there is none of that name."),
        (
            'timezone = "Lisbon"',
            "The setting timezone is wrong: 'Lisbon' is no time zone; write one like Europe/Lisbon",
        ),
        ('[promises]\nP1 = "PT0S"', "The setting promises.P1 is wrong: Input should be greater than 0"),
        ('[promises]\nP7 = "PT5M"', "The setting promises.P7"),
        ('[[tiers]]\nname = "lead"', "The setting tiers.0.channel is wrong: Field required."),
        (
            '[[tiers]]\nname = "lead"\nchannel = "#a"\n[[tiers]]\nname = "Lead"\nchannel = "#b"',
            "The setting tiers is wrong: two tiers are called 'lead'; names must differ.",
        ),
        ('[[feeds]]\nname = "square"\nkind = "pigeon"\nurl = "x"', "The setting feeds.0 is wrong"),
        ('[[feeds]]\nname = "My Feed"\nkind = "webhook"', "The setting feeds.0.webhook.name is wrong"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(text, sentence):
    write(text)

    assert trouble().startswith(sentence)


def test_two_feeds_of_one_name_are_refused():
    assert trouble(feeds=(FEED, FEED)) == (
        "The setting feeds is wrong: two feeds are called 'square'; names must differ. See docs/settings.md."
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [("timezone = Lisbon", "Invalid"), (b'\xff\xfe = "x"', "can't decode"), ("[[feeds]", "at line 1")],
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


def test_json_in_the_environment_that_is_none_is_said(monkeypatch):
    monkeypatch.setenv("GOSHAWK_FEEDS", "[")

    sentence = trouble()

    assert sentence.startswith("The environment cannot be read: ")
    assert '"feeds"' in sentence


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
