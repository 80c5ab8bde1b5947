"""Whatever is wrong in a file of old posts, the sums agree and nothing else is lost."""

import csv
import gzip
import io
import json
import os
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Unusable
from bot.feeds.replay import Mapping, Replay
from tests.fakes.clock import TurnableClock
from tests.feeds.files import HEADER, counted, json_lines, mentions, read, record

# What is wrong in files


async def test_a_malformed_line_costs_only_itself(file):
    content = json_lines(record(1)) + b"{nonsense\n[1]\n\n" + json_lines(record(2))

    pages = await read(file("posts.jsonl", content))

    assert len(mentions(pages)) == 2
    assert counted(pages, "rejected") == {"malformed JSON": 1, "no JSON object": 1}
    assert counted(pages, "skipped") == {"empty line": 1}
    assert pages[0].examples == ("Line 2: malformed JSON.", "Line 3: no JSON object.")
    assert sum(page.read for page in pages) == 5


async def test_a_malformed_first_line_is_no_header_when_the_name_says_json(file):
    pages = await read(file("posts.jsonl", b"oops\n" + json_lines(record())))

    assert len(mentions(pages)) == 1
    assert counted(pages, "rejected") == {"malformed JSON": 1}


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
async def test_a_ten_megabyte_line_is_skipped_without_being_held(file, ending):
    giant = b"9," + b"x" * 10_000_000 + b",giant,2026-11-01\n"
    rows = (
        [json_lines(record(1)), giant, json_lines(record(2))]
        if ending == "jsonl"
        else [HEADER.encode(), b"1,a,b,2026-11-01\n", giant, b"2,a,b,2026-11-01\n"]
    )

    path = file(f"posts.{ending}", b"".join(rows))
    tracemalloc.start()

    pages = await read(path)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [mention.post_id for mention in mentions(pages)] == ["1", "2"]
    assert counted(pages, "rejected") == {"longer than 1 MiB": 1}
    assert peak < 5_000_000


async def test_a_quote_left_open_costs_one_row_not_the_rest(file):
    rows = [f"{number},text {number},a{number},2026-11-01" for number in range(1, 1001)]
    rows[2] = '3,"left open,a3,2026-11-01'

    pages = await read(file("posts.csv", HEADER + "\n".join(rows)))

    assert len(mentions(pages)) == 999
    assert counted(pages, "rejected") == {"a quote that is never closed": 1}
    assert pages[0].examples == ("Line 4: a quote that is never closed.",)


async def test_a_quote_left_open_in_the_last_line_is_said(file):
    pages = await read(file("posts.csv", HEADER + '1,a,b,2026-11-01\n2,"open,b,2026-11-01'))

    assert [mention.post_id for mention in mentions(pages)] == ["1"]
    assert pages[0].examples == ("Line 3: a quote that is never closed.",)


@pytest.mark.parametrize("row", ['1,He said "hi" twice,a,2026-11-01', '1,"He said "hi" twice",a,2026-11-01'])
async def test_careless_quotes_in_one_line_are_tolerated(file, row):
    pages = await read(file("posts.csv", HEADER + row + "\n2,b,b,2026-11-01\n"))

    assert [mention.post_id for mention in mentions(pages)] == ["1", "2"]
    assert "hi" in mentions(pages)[0].text


async def test_two_open_quotes_do_not_swallow_what_is_between_them(file):
    rows = ['1,"open,a,2026-11-01', "2,fine,a,2026-11-01", '3,"open,a,2026-11-01', "4,fine,a,2026-11-01"]

    pages = await read(file("posts.csv", HEADER + "\n".join(rows)))

    assert [mention.post_id for mention in mentions(pages)] == ["2", "4"]
    assert sum(counted(pages, "rejected").values()) == 2


async def test_rows_of_another_width_are_counted(file):
    pages = await read(file("posts.csv", HEADER + "1,a\n2,a,b,2026-11-01,more\n3,a,b,2026-11-01\n"))

    assert [mention.post_id for mention in mentions(pages)] == ["3"]
    assert counted(pages, "rejected") == {"2 columns instead of 4": 1, "5 columns instead of 4": 1}


async def test_stray_bytes_are_mended_and_noted(file):
    content = HEADER.encode() + b"1,caf\xe9 was c\x00old,mira,2026-11-01\n"

    pages = await read(file("posts.csv", content))

    assert mentions(pages)[0].text == "caf\ufffd was cold"
    assert counted(pages, "notes") == {"NUL removed": 1, "invalid UTF-8 replaced": 1}


async def test_half_an_emoji_is_removed(file):
    line = b'{"id": "1", "text": "so cold \\ud83d", "author": "mira", "posted_at": "2026-11-01"}\n'

    assert mentions(await read(file("posts.jsonl", line)))[0].text == "so cold"


@pytest.mark.parametrize("name", ["id", "text", "author"])
async def test_a_row_without_what_matters_is_rejected_with_its_line(file, name):
    pages = await read(file("posts.jsonl", json_lines(record(1), record(2, **{name: None}))))

    assert len(mentions(pages)) == 1
    assert pages[0].examples == (f"Line 2: no {name}.",)


@pytest.mark.parametrize(
    ("at", "note"),
    [
        ("1970-01-01", "implausible date"),
        ("2100-01-01", "implausible date"),
        (0, "implausible date"),
        ("yesterday", "date not understood"),
        ("", "no date"),
        (None, "no date"),
    ],
)
async def test_an_impossible_date_becomes_the_time_of_reading(file, at, note):
    clock = TurnableClock()

    pages = await read(file("posts.jsonl", json_lines(record(posted_at=at))), clock=clock)

    assert mentions(pages)[0].posted_at == clock.now()
    assert counted(pages, "notes") == {note: 1}


async def test_only_five_examples_are_told(file):
    pages = await read(file("posts.jsonl", json_lines(record()) + b"{\n" * 1_000))

    assert sum(len(page.examples) for page in pages) == 5
    assert counted(pages, "rejected") == {"malformed JSON": 1_000}


async def test_twins_inside_the_file_go_on_to_the_pipeline(file):
    assert len(mentions(await read(file("posts.jsonl", json_lines(record(), record()))))) == 2


# Files that cannot be used


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("posts.csv", b"", "is empty"),
        ("posts.csv.gz", gzip.compress(b""), "is empty"),
        ("posts.csv", b"\n\n  \n", "is empty"),
        ("posts.csv", bytes(range(256)) * 20, "is no UTF-8 text"),
        ("posts.csv", "id,text,author\n1,a,b\n".encode("utf-16"), "is no UTF-8 text"),
        ("posts.csv.gz", gzip.compress(b"id,text,author\n" + os.urandom(9000).hex().encode())[:-900], "damaged gzip"),
        ("posts.json", b'[{"id": 1}]', "one JSON list"),
        ("posts.csv", b"id,text\n1,a\n", "looks like the author"),
        ("posts.jsonl", b"nonsense\n", "No line of .* holds a JSON object"),
    ],
    ids=["empty", "packed empty", "blank", "binary", "utf-16", "cut gzip", "json list", "no author", "no object"],
)
async def test_an_unusable_file_is_refused_in_a_sentence(file, name, content, sentence):
    with pytest.raises(Unusable, match=sentence) as refused:
        await read(file(name, content))

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "sentence"), [("", "is a folder"), ("nowhere.csv", "does not exist"), ("x" * 999, "cannot be opened")]
)
async def test_what_is_no_file_is_refused_in_a_sentence(tmp_path, name, sentence):
    with pytest.raises(Unusable, match=sentence):
        await read(tmp_path / name)


async def test_a_wrong_column_is_refused_with_the_columns_there_are(file):
    with pytest.raises(Unusable, match=r"no column 'txet' \(for text\).*author, id, posted_at, text"):
        await read(file("posts.csv", HEADER), mapping=Mapping(text="txet"))


async def test_a_packed_file_that_ends_too_early_says_so_after_what_it_had(file):
    rows = "".join(f"{number},{os.urandom(40).hex()},a,2026-11-01\n" for number in range(3_000))
    path = file("posts.csv.gz", gzip.compress((HEADER + rows).encode())[:-5_000])
    pages = Replay(path=path, clock=TurnableClock()).listen("")

    before = [await anext(pages) for _ in range(5)]

    with pytest.raises(Unusable, match="Fetch it again"):
        await read(path)
    assert len(mentions(before)) == 1_000
    await pages.aclose()


# Laws


def as_table(records):
    written = io.StringIO()
    table = csv.DictWriter(written, ["id", "text", "author", "posted_at"])
    table.writeheader()
    table.writerows(records)
    return written.getvalue().encode("utf-8", "replace")


anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
once = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@once
@given(
    lines=st.lists(
        st.one_of(
            st.binary(max_size=15),
            st.dictionaries(
                st.sampled_from([*record(), "likes", "url"]),
                st.recursive(
                    st.none() | st.booleans() | st.floats() | st.integers() | anything,
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
                    max_leaves=5,
                ),
            ).map(lambda made: json.dumps(made).encode()),
        ),
        max_size=12,
    )
)
async def test_every_line_is_counted_once_whatever_it_holds(file, lines):
    content = json_lines(*[record()] * 30) + b"\n".join(lines)

    pages = await read(file("posts.jsonl", content))

    assert sum(page.read for page in pages) == len(io.BytesIO(content).readlines())


@once
@given(texts=st.lists(anything.filter(lambda text: text.replace("\x00", "").strip()), min_size=1, max_size=20))
async def test_what_was_written_as_a_table_is_read_back(file, texts):
    records = [record(number, text=text) for number, text in enumerate(texts, 1)]

    pages = await read(file("posts.csv", as_table(records)))

    assert [mention.post_id for mention in mentions(pages)] == [each["id"] for each in records]


@once
@given(content=st.binary(max_size=300))
async def test_no_file_breaks_the_reader(file, content):
    for name in ("any.csv", "any.jsonl", "any"):
        with suppress(Unusable):
            await read(file(name, HEADER.encode() + content))
        with suppress(Unusable):
            await read(file(name, content))
