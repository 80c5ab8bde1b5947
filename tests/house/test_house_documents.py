"""What the documents say is what the code does."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli.commands import app
from bot.domain.verdict import Kind
from bot.feeds.webhook import curl_example
from bot.settings import EARLY, PLAIN, Settings, only
from bot.slack.commands import SHORTHANDS, VERBS
from bot.triage.scorer import judge
from tests.fakes.posts import mention
from tests.house import manual
from tests.house.tree import CODE, PAGES, ROOT, name_of

README = (ROOT / "README.md").read_text()
SETTINGS = (ROOT / "docs" / "settings.md").read_text()
COMMANDS = get_command(app).commands

#: The two commands that do everything on a machine that has only Python.
RUN = "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e . && .venv/bin/goshawk demo"
TEST = "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e '.[test]' && .venv/bin/pytest"


def test_the_readme_runs_and_tests_with_one_command_each():
    lines = [line.strip() for line in README.splitlines()]

    assert RUN in lines
    assert TEST in lines


def test_ci_runs_the_readmes_own_command():
    assert TEST in (ROOT / ".ci" / "run").read_text().splitlines()


@pytest.mark.parametrize("name", manual.PARTS)
def test_a_made_part_is_as_the_code_makes_it(name: str):
    page, make = manual.PARTS[name]

    assert manual.written(name, (ROOT / page).read_text()) == manual.framed(name, make()), (
        "python -m tests.house.manual writes it anew"
    )


def test_every_setting_says_what_it_does():
    models = [Settings, *_parts()]
    silent = [f"{model.__name__}.{row.name}" for model in models for row in manual.rows(model) if not row.says]

    assert silent == []


def _parts():
    tables = (manual.sections.Channels, manual.sections.TierSettings)
    feeds = (manual.sections.RssFeedSettings, manual.sections.WebhookFeedSettings, manual.sections.DemoFeedSettings)
    return [*tables, *feeds]


def test_the_settings_page_names_no_variable_that_does_not_exist():
    known = {manual.environment(name) for name in Settings.model_fields} | set(PLAIN) | EARLY | {"GOSHAWK_SIM_TOKEN"}
    pages = {name_of(page): page.read_text() for page in PAGES}
    strange = {
        f"{page}: {name}"
        for page, text in pages.items()
        for name in re.findall(r"\b(?:GOSHAWK|SLACK)_[A-Z0-9_]*[A-Z0-9]\b", text)
        if name.split("__")[0] not in known and name != "GOSHAWK_TEST_DATABASE_URL"
    }

    assert strange == set()
    assert known - set(re.findall(r"\b[A-Z][A-Z0-9_]*\b", SETTINGS)) == set()


def test_the_example_file_is_valid_and_shows_every_table():
    text = (ROOT / "goshawk.example.toml").read_text()
    # What is commented out as "#name = ..." or "#[table]" is an example, too.
    whole = re.sub(r"^#(?=[a-z\[])", "", text, flags=re.MULTILINE)

    assert only(**tomllib.loads(text))
    given = tomllib.loads(whole)
    assert only(**given)
    secret = {"slack_bot_token", "slack_app_token", "slack_signing_secret", "database_url", "metrics_token", "secrets"}
    secret |= {"heartbeat_url"}
    assert set(given) == set(Settings.model_fields) - secret


def test_every_command_is_in_the_readme():
    missing = [name for name in COMMANDS if f"`goshawk {name}" not in README]

    assert missing == []


def test_the_readme_names_no_command_or_option_that_does_not_exist():
    for page in PAGES:
        for line in re.findall(r"goshawk ((?:[a-z]+)(?: [^`\n|]*)?)", _code_of(page.read_text())):
            verb, *rest = line.split()
            assert verb in COMMANDS, f"{name_of(page)}: goshawk {verb}"
            command, inner = COMMANDS[verb], getattr(COMMANDS[verb], "commands", {})
            if inner and rest:
                assert rest[0] in inner, f"{name_of(page)}: goshawk {line}"
                command = inner[rest[0]]
            known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}
            strange = {word.partition("=")[0] for word in rest if word.startswith("--")} - known
            assert strange == set(), f"{name_of(page)}: goshawk {line}"


def _code_of(text: str) -> str:
    """Everything in a page that is written as code."""
    return "\n".join([*re.findall(r"```.*?\n(.*?)```", text, re.DOTALL), *re.findall(r"`([^`\n]+)`", text)])


def test_every_word_that_can_be_typed_is_in_the_readme():
    words = [word for verb in VERBS for word in (verb.name, *verb.synonyms)]
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", README, flags=re.DOTALL))
    typed = {word for span in spans for word in re.findall(r"[\w?/-]+", span)}

    assert [word for word in words if word not in typed] == []
    assert [name for name in SHORTHANDS if name not in typed] == []


def test_every_verb_has_words_for_help():
    assert [verb.name for verb in VERBS if not verb.about or not verb.usage.startswith(verb.name)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_file_or_a_heading(page: Path):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    broken = [target for target in targets if not _exists(page, *target.partition("#")[::2])]

    assert broken == []


def _exists(page: Path, path: str, anchor: str) -> bool:
    target = (page.parent / path).resolve() if path else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not anchor or anchor in {_anchor(line) for line in target.read_text().splitlines() if line.startswith("#")}


def _anchor(heading: str) -> str:
    words = heading.lstrip("#").strip().lower().replace(" ", "-")
    return "".join(sign for sign in words if sign.isalnum() or sign in "-_")


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)\s#]+)", page.read_text())
        waiting += [(page.parent / link).resolve() for link in links if "://" not in link]

    assert {name_of(page) for page in PAGES} - {name_of(page) for page in reached} == set()


def test_every_decision_has_its_four_parts_and_its_line_in_the_index():
    index = (ROOT / "docs" / "decisions" / "README.md").read_text()
    pages = [page for page in PAGES if re.match(r"docs/decisions/\d{4}-", name_of(page))]

    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text()
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings[:4] == ["Context", "Decision", "Price", "Refused"], page.name
        quoted = re.findall(r"^> (.+)$", text, re.MULTILINE)
        assert len(quoted) == 1, f"{page.name} has one line to quote"
        assert f"]({page.name})" in index, page.name


def test_the_webhook_example_is_the_codes_own():
    page = (ROOT / "docs" / "feeds.md").read_text()

    assert curl_example("shop", "http://127.0.0.1:8770") in page


def test_the_webhook_example_becomes_a_card():
    """docs/slack.md promises one to whoever follows it for the first time."""
    words = json.loads(re.search(r"BODY='(.*)'", curl_example("shop", "http://127.0.0.1"))[1])["text"]

    assert judge(mention(words, tagged=False)).kind is Kind.COMPLAINT


def test_the_procfile_starts_what_exists():
    lines = (ROOT / "Procfile").read_text().splitlines()
    started = dict(line.split(": ", 1) for line in lines)

    assert {command.split()[1] for command in started.values()} <= set(COMMANDS)
    assert all(command.startswith("goshawk ") for command in started.values())
    assert started["release"] == "goshawk migrate"


def test_troubleshooting_quotes_sentences_that_the_code_says():
    """A cell that begins the table of troubles is a sentence of ours, with dots for what differs."""
    code = " ".join(_joined(path) for path in CODE)
    page = (ROOT / "docs" / "slack.md").read_text()
    quoted = re.findall(r"^\| `([^`|]+)` \|", page.partition("## When it does not work")[2], re.MULTILINE)
    unknown = [part for sentence in quoted for part in sentence.split("…") if part.strip() and part.strip() not in code]

    assert len(quoted) >= 8
    assert unknown == []


def test_the_manual_explains_log_lines_and_figures_that_exist():
    page = (ROOT / "docs" / "operate.md").read_text()
    code = "\n".join(path.read_text() for path in CODE)
    figures = set(re.findall(r"`(goshawk_[a-z_]+)`", page))
    rows = re.findall(r"^\| (`[a-z][^|]*) \|", page.partition("| `event` |")[2].partition("\n\n")[0], re.MULTILINE)
    events = [event for row in rows for event in re.findall(r"`([^`]+)`", row)]

    assert figures == set(re.findall(r'"(goshawk_[a-z_]+)"', (ROOT / "bot" / "metrics.py").read_text()))
    assert len(events) > 6
    assert [event for event in events if f'"{event}"' not in code] == []


def _joined(path: Path) -> str:
    """Code with the strings that were broken over lines put together."""
    return re.sub(r'"\s*\n\s*f?"', "", path.read_text())
