"""``goshawk replay``: files of old posts, whole, damaged, twice and interrupted."""

from __future__ import annotations

import csv
import gzip
import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.cli.terminal import environment, started

#: What a company exported of its own: both sides, the customers' posts "inbound".
THREADS = ("tweet_id", "author_id", "inbound", "created_at", "text", "in_response_to_tweet_id", "thread")
#: What a survey labelled: nothing of it is guessed but the id, the text and the author.
LABELLED = ("tweet_id", "created_at", "airline", "author", "text", "retweet_count", "label")


def write(path: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        table.writerows(rows)
    return path


def threads(path: Path, count: int) -> Path:
    """Write conversations of three: a complaint, our answer, the customer again."""
    rows: list[tuple[object, ...]] = []
    for n in range(0, count, 3):
        at = f"2025-10-31 22:{n % 60:02}:00+00:00"
        rows += [
            (n, f"guest{n}", True, at, "My suitcase was lost on the night ferry and nobody answers!", "", n),
            (n + 1, "harbourline", False, at, "So sorry. Which ferry was it?", n, n),
            (n + 2, f"guest{n}", True, at, "The one at nine. Still no suitcase.", n + 1, n),
        ]
    return write(path, THREADS, rows[:count])


def figures(out: str) -> dict[str, int]:
    """Read the summary back."""
    return {
        name.strip(): int(count.replace(",", ""))
        for name, count in re.findall(r"^([a-z ]+?) +([\d,]+)\b", out, re.MULTILINE)
    }


def agree(told: dict[str, int]) -> bool:
    whole = told["stored"] + told["known"] + told["skipped"] + told["rejected"]
    return told["read"] == whole and told["flagged"] <= told["stored"]


def kept(data: Path) -> tuple[int, int, int]:
    """Return how many mentions, cases and cards a folder holds, and how many cards stand in its Slack."""
    with closing(sqlite3.connect(data / "goshawk.db")) as store:
        mentions, cards = (store.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("mention", "card"))  # noqa: S608 - our own words
    with closing(sqlite3.connect(data / "slack.db")) as slack:
        bodies = [json.loads(body) for (body,) in slack.execute("SELECT body FROM kept WHERE kind = 'message'")]
    return mentions, cards, sum("case.claim" in body["blocks"] for body in bodies if not body["thread_ts"])


def test_a_file_becomes_cards_and_a_second_run_adds_nothing(goshawk, folder):
    file = threads(folder / "threads.csv.gz", 60)

    first = goshawk("replay", file, "--data", "kept")
    before = kept(folder / "kept")
    second = goshawk("replay", file, "--data", "kept")

    told, again = figures(first.out), figures(second.out)
    assert (first.code, second.code) == (0, 0)
    assert agree(told) and agree(again)
    assert (told["read"], told["stored"], told["skipped"]) == (60, 40, 20)
    assert "written by us: 20" in first.out
    assert told["drawn"] == before[1] == before[2] == 20
    assert (again["stored"], again["drawn"]) == (0, 0)
    assert "read by an earlier run: 60" in second.out
    assert kept(folder / "kept") == before
    assert "\x1b" not in first.err
    assert "goshawk sandbox --keep kept/slack.db" in first.out


def test_flags_say_what_cannot_be_guessed(goshawk, folder):
    rows = [
        (n, f"2025-02-24 11:3{n}:00", "Harbourline", f"Guest_{n}", f"Cancelled again, number {n}", 0, 1)
        for n in range(9)
    ]
    file = write(folder / "labelled.csv.gz", LABELLED, rows)
    flags = ["--author-column", "airline", "--text-column", "author", "--own", "label=0", "--platform", "Survey"]

    guessed = goshawk("replay", file, "--data", "one")
    told = goshawk("replay", file, "--data", "two", *flags)

    assert figures(guessed.out)["stored"] == figures(told.out)["stored"] == 9
    with closing(sqlite3.connect(folder / "two" / "goshawk.db")) as store:
        found = set(store.execute("SELECT handle, platform FROM mention"))
    assert found == {("Harbourline", "Survey")}


def test_a_twin_is_known_and_a_private_post_stays_private(goshawk, folder):
    lines = [
        {"id": 1, "author": "mo", "text": "My parcel never arrived and nobody answers!", "visibility": "public"},
        {"id": 1, "author": "mo", "text": "My parcel never arrived and nobody answers!", "visibility": "public"},
        {"id": 3, "author": "kai", "text": "My parcel was stolen, what a disgrace", "visibility": ""},
        {
            "id": 2,
            "author": "liv",
            "text": "You lost my ticket, order 4711, this is a disgrace",
            "visibility": "private",
        },
    ]
    (folder / "posts.jsonl").write_text("\n".join(map(json.dumps, lines)))

    said = goshawk("replay", "posts.jsonl", "--data", "kept")

    told = figures(said.out)
    assert (told["read"], told["stored"], told["known"]) == (4, 3, 1)
    with closing(sqlite3.connect(folder / "kept" / "slack.db")) as slack:
        rooms = {
            json.loads(body)["channel"]: body
            for (body,) in slack.execute("SELECT body FROM kept WHERE kind = 'message'")
        }
    assert "disgrace" in str(rooms["C0PRIVATE1"])
    assert "disgrace" not in str(rooms["C0CARE0001"])


def test_bad_rows_are_named_and_their_neighbours_are_kept(goshawk, folder):
    good = b'{"id": "%d", "author": "mo", "text": "My parcel never arrived", "created_at": "%s"}'
    lines = [
        good % (1, b"2026-11-20T10:00:00Z"),
        b'{"id": "2", "author": "mo", "text": ',
        good % (3, b"1970-01-01T00:00:00Z"),
        good % (4, b"2100-01-01T00:00:00Z"),
        b'{"id": "5", "author": "mo", "text": "' + b"x" * 10_000_000 + b'"}',
        b'{"id": "6", "author": "mo", "text": "a\0b \xff c"}',
        b'{"id": "7", "author": "mo"}',
        b"[1, 2]",
        b"",
        good % (8, b"yesterday"),
    ]
    (folder / "posts.jsonl").write_bytes(b"\n".join(lines))

    said = goshawk("replay", "posts.jsonl", "--data", "kept")

    told = figures(said.out)
    assert said.code == 0
    assert agree(told)
    assert (told["read"], told["stored"], told["rejected"], told["skipped"]) == (10, 5, 4, 1)
    for words in (
        "Line 2: malformed JSON.",
        "Line 5: longer than 1 MiB.",
        "Line 7: no text.",
        "Line 8: no JSON object.",
    ):
        assert words in said.out
    for words in ("implausible date: 2", "date not understood: 1", "NUL removed: 1", "invalid UTF-8 replaced: 1"):
        assert words in said.out


def test_a_file_that_breaks_in_the_middle_keeps_what_was_read(goshawk, folder):
    whole = threads(folder / "threads.csv.gz", 9_000).read_bytes()
    (folder / "broken.csv.gz").write_bytes(whole[: len(whole) // 2])

    said = goshawk("replay", "broken.csv.gz", "--data", "kept")

    assert said.code == 2
    assert (
        said.err == "goshawk: broken.csv.gz is a damaged gzip file: it ends too early or was changed. Fetch it again.\n"
    )
    assert figures(said.out)["stored"] == kept(folder / "kept")[0] > 0


def test_speed_keeps_the_spacing(goshawk, folder):
    rows = [f'{{"id": {n}, "author": "mo", "text": "late", "created_at": "2026-11-20T10:0{n}:00Z"}}' for n in range(3)]
    (folder / "posts.jsonl").write_text("\n".join(rows))

    said = goshawk("replay", "posts.jsonl", "--data", "kept", "--speed", "100")

    seconds = re.search(r"rows in ([\d.]+) s", said.out)
    assert seconds
    assert float(seconds[1]) >= 1.2


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_goes_on_later(goshawk, folder, by):
    file = threads(folder / "threads.csv.gz", 900)
    words = ("replay", file, "--data", folder / "kept")
    process = started(*words, cwd=folder)
    for _ in range(600):
        if (folder / "kept" / "goshawk.db").exists() and has_mentions(folder / "kept"):
            break
        signal.sigtimedwait([], 0.05)

    code, out, err = process.stopped(by)
    later = goshawk(*words)

    assert code == 130
    assert err.endswith("Stopped. What was read is kept; the same command goes on from there.\n")
    assert "Traceback" not in err
    assert not out or agree(figures(out))  # stopped before the first page was counted, it says nothing
    assert later.code == 0
    assert figures(later.out)["read"] == 900
    assert kept(folder / "kept") == (600, 300, 300)


def has_mentions(data: Path) -> bool:
    with closing(sqlite3.connect(f"file:{data / 'goshawk.db'}?mode=ro", uri=True)) as store:
        try:
            return bool(store.execute("SELECT count(*) FROM mention").fetchone()[0])
        except sqlite3.OperationalError:
            return False


def test_a_terminal_sees_bars_and_a_pipe_does_not(folder):
    file = threads(folder / "threads.csv.gz", 30)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot", "replay", file, "--data", folder / "kept"],
        cwd=folder,
        env={**environment(), "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)

    seen = b""
    with suppress(OSError):  # the end of a terminal is an error
        while piece := os.read(ours, 65_536):
            seen += piece
    os.close(ours)
    out, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert b"reading threads.csv.gz" in seen
    assert b"drawing cards" in seen
    assert b"\x1b" not in out
