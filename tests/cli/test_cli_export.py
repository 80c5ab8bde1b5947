"""``goshawk export``: who did what, in a file that a spreadsheet opens without running anything."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import re
import resource
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.cli.export import COLUMNS, PAGE, inert
from bot.domain.event import DESK, Happening, event
from bot.domain.ids import CaseId, StaffId
from bot.domain.staff import Staff
from bot.store.engine import Store
from bot.store.lock import held
from tests.cli.conftest import Said
from tests.fakes.clock import TurnableClock
from tests.fakes.office import Office
from tests.fakes.people import ANA
from tests.fakes.posts import START

MALLORY = Staff(StaffId("U0MALLORY1"), '=HYPERLINK("http://evil.example","Ana")')
NASTY = "=cmd|' /C calc'!A0\n+49 30 1234\t@SUM(1)\r-2;=1+1 \"quoted\", fine"

Goshawk = Callable[..., Said]


@contextmanager
def database(folder: Path) -> Iterator[Store]:
    """Open the database of a data folder."""
    store = Store(f"sqlite:///{folder / 'goshawk.db'}")
    store.open()
    yield store
    store.close()


@pytest.fixture
def data(tmp_path: Path, template: Path) -> Path:
    """Give a data folder with an empty database."""
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "goshawk.db").write_bytes(template.read_bytes())
    return folder


def remember(data: Path, *said: object) -> None:
    with database(data) as store:
        asyncio.run(store.transact(lambda unit: [unit.events.add(one) for one in said]))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_day_at_the_desk_is_written_down_with_prints_and_ids(goshawk: Goshawk, data: Path):
    async def day(store: Store) -> None:
        office = Office(store, TurnableClock())
        case = await office.case_of()
        await office.answer(case.id, "We found your suitcase.", resolves=True)
        await office.pass_time(timedelta(seconds=15))
        await office.gate.freeze(by=ANA, reason="drill")

    with database(data) as store:
        asyncio.run(day(store))

    done = goshawk("export", "--data", data)

    found = read(done.out)
    print_of = hashlib.sha256(b"We found your suitcase.").hexdigest()
    assert done.code == 0 and tuple(found[0]) == COLUMNS
    assert [(one["what"], one["by_name"], one["text_sha256"], one["platform_id"]) for one in found] == [
        ("opened", "", "", ""),
        ("claimed", "Ana", "", ""),
        ("reply queued", "Ana", print_of, ""),
        ("reply sent", "Ana", print_of, "r1"),
        ("resolved", "Ana", "", ""),
        ("sending frozen", "Ana", "", ""),
    ]
    assert {one["by"] for one in found[1:]} == {"U0ANA00001"}
    assert found[-1]["case"] == "" and found[0]["case"] == "1"
    assert found[0]["at"] == "2026-11-21T09:00:00.000+00:00"
    assert "bag is lost" not in done.out and "suitcase" not in done.out


def test_names_and_notes_cannot_run_in_a_spreadsheet(goshawk: Goshawk, data: Path):
    remember(data, event(CaseId(1), Happening.NOTED, at=START, by=MALLORY, detail=NASTY))

    (row,) = read(goshawk("export", "--data", data).out)

    assert row["by_name"] == "'" + MALLORY.name
    assert row["detail"].startswith("'=cmd")
    assert not any(re.match(r"\s*[=+\-@]", cell) for one in row.values() for cell in re.split(r"[;\t\r\n|]", one))
    (exact,) = json.loads(goshawk("export", "--data", data, "--format", "json").out)
    assert (exact["by_name"], exact["detail"], exact["case"]) == (MALLORY.name, NASTY, 1)


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n;|' \"ab＝"), max_size=30))
@example("")
def test_no_cell_begins_a_formula_wherever_a_line_is_split(words: str):
    cell = inert(words)

    assert not any(re.match(r"\s*[=+\-@＝＋－＠]", part) for part in re.split(r"[;|\t\r\n]", cell))
    assert cell.replace("'", "") == words.replace("'", "")


def test_many_events_stream_in_order_and_from_a_day_on(goshawk: Goshawk, data: Path, tmp_path: Path):
    day = timedelta(days=1)
    many = [
        event(CaseId(1), Happening.NOTED, at=START + (n // PAGE) * day, by=ANA, detail=f"n{n}") for n in range(2_500)
    ]
    remember(data, *many)

    done = goshawk("export", "--data", data, "--out", tmp_path / "all.csv")
    later = goshawk("export", "--data", data, "--since", f"{START + 2 * day:%Y-%m-%d}", "--format", "json")

    file = tmp_path / "all.csv"
    assert done.out == "" and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one["detail"] for one in read(file.read_text())] == [f"n{n}" for n in range(2_500)]
    assert [one["detail"] for one in json.loads(later.out)] == [f"n{n}" for n in range(2_000, 2_500)]


def test_a_day_begins_where_the_team_is(goshawk: Goshawk, data: Path):
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    remember(data, event(DESK, Happening.FROZEN, at=late, by=ANA, detail="every account: drill"))
    asked = ("export", "--data", data, "--since", "2026-11-21")

    assert read(goshawk(*asked).out) == []
    assert len(read(goshawk(*asked, GOSHAWK_TIMEZONE="Europe/Berlin").out)) == 1


def test_nothing_to_export_is_an_empty_table_and_an_empty_list(goshawk: Goshawk, data: Path):
    assert goshawk("export", "--data", data).out == ",".join(f'"{name}"' for name in COLUMNS) + "\n"
    assert json.loads(goshawk("export", "--data", data, "--format", "json").out) == []


def test_it_writes_beside_a_bot_that_holds_the_folder_and_writes(goshawk: Goshawk, data: Path):
    remember(data, event(CaseId(1), Happening.NOTED, at=START, by=ANA, detail="one"))
    with held(data), database(data) as store:
        asyncio.run(store.transact(lambda unit: unit.events.add(event(CaseId(1), Happening.LATE, at=START))))

        found = read(goshawk("export", "--data", data).out)

    assert [one["what"] for one in found] == ["noted", "late"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--data", "nowhere"], "There is no database in nowhere yet"),
        (["--out", "taken.csv"], "taken.csv is there already"),
        (["--out", "no/such/folder.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_said(goshawk: Goshawk, data: Path, folder: Path, words: list[str], sentence: str):
    (folder / "taken.csv").write_text("mine")

    done = goshawk("export", "--data", data, *words)

    assert (done.code, done.out) == (2, "")
    assert sentence in done.err
    assert (folder / "taken.csv").read_text() == "mine" and not (folder / "nowhere").exists()


def test_a_disk_that_fills_up_leaves_a_sentence_and_no_half_record(goshawk: Goshawk, data: Path, folder: Path):
    remember(data, *[event(DESK, Happening.FROZEN, at=START, by=MALLORY) for _ in range(2_000)])
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))

    try:
        done = goshawk("export", "--data", data, "--out", "events.csv")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    assert done.code == 2 and "events.csv cannot be written: File too large." in done.err
    assert not (folder / "events.csv").exists()


def test_a_printer_that_is_full_is_said(data: Path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "bot", "export", "--data", data],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
        )  # fmt: skip

    assert (done.returncode, done.stderr) == (2, "goshawk: The events cannot be printed: No space left on device.\n")


def test_ctrl_c_leaves_no_half_record_and_is_no_success(start, data: Path, tmp_path: Path):
    remember(data, *[event(DESK, Happening.FROZEN, at=START, by=MALLORY) for _ in range(60_000)])
    out = tmp_path / "events.csv"
    exporting = start("export", "--data", data, "--out", out)
    while not (out.exists() and out.stat().st_size):
        assert exporting.handle.poll() is None, exporting.handle.communicate()
        time.sleep(0.001)

    code, _, err = exporting.stopped()

    assert (code, "Traceback" in err, out.exists()) == (130, False, False)
