"""How well judge does on the project's own posts, labelled by hand.

Odd ids were read while the weights were set; even ids were held out. The floors stand a little below what was measured.
"""

import gzip

import pytest

from bot.domain.verdict import Kind
from tests.bench.triage import area, macro_f1, main, precision_at_recall, readable
from tests.triage.posts import LABELLED, judged

HELD_OUT = [post for post in LABELLED if int(post["id"][1:]) % 2 == 0]
ENGLISH = [post for post in LABELLED if post["kind"] != "unsure"]


def test_three_hundred_posts_of_all_kinds_and_networks():
    assert len({post["text"] for post in LABELLED}) == len(LABELLED) == 300
    assert {post["kind"] for post in LABELLED} == {kind.value for kind in Kind}
    assert {post["network"] for post in LABELLED} == {"x", "mastodon", "bluesky", "forum", "blog"}


@pytest.mark.parametrize(("posts", "f1_floor", "area_floor"), [(HELD_OUT, 0.84, 0.92), (LABELLED, 0.88, 0.94)])
def test_complaints_are_found(posts, f1_floor, area_floor):
    verdicts = [judged(post["text"]) for post in posts]
    labels = [post["complaint"] for post in posts]

    assert macro_f1(labels, [verdict.flagged for verdict in verdicts]) >= f1_floor
    assert area(labels, [verdict.score for verdict in verdicts]) >= area_floor


def test_what_is_found_has_a_readable_ground():
    found = [
        verdict for post in LABELLED if (verdict := judged(post["text"])).kind is Kind.COMPLAINT and post["complaint"]
    ]

    assert len(found) > 100
    assert sum(map(readable, found)) >= 0.95 * len(found)


def test_what_is_not_english_or_only_a_picture_goes_to_a_person():
    assert all(judged(post["text"]).kind is Kind.UNSURE for post in LABELLED if post["kind"] == "unsure")


def test_english_is_not_handed_to_a_person():
    unsure = [post["text"] for post in ENGLISH if judged(post["text"]).kind is Kind.UNSURE]

    assert unsure == []


def test_the_figures_are_right_on_a_case_done_by_hand():
    labels = [True, False, True, False]

    assert area(labels, [3.0, 2.0, 1.0, 0.0]) == 0.75
    assert area(labels, [1.0, 1.0, 1.0, 1.0]) == 0.5
    assert macro_f1(labels, [True, False, False, False]) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert precision_at_recall(labels, [3.0, 2.0, 1.0, 0.0], 0.9) == pytest.approx(2 / 3)


def test_the_benchmark_prints_its_figures(capsys):
    main([])

    *sets, slowest = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0].strip() for line in sets] == [
        "own, weights set on",
        "own, held out",
        "own, all",
        "demo",
    ]
    assert all("mF1" in line and "posts/s" in line for line in sets)
    assert slowest.endswith(" ms")


def test_the_benchmark_reads_public_sets_where_there_are_some(tmp_path, capsys):
    with gzip.open(tmp_path / "complaints.csv.gz", "wt", encoding="utf-8") as file:
        file.write("id,text,label,domain\n1,my parcel never arrived,1,other\n2,what a sunny day,0,random_tweet\n")
    with gzip.open(tmp_path / "multilingual_sentiment.csv.gz", "wt", encoding="utf-8") as file:
        file.write("lang,text,label\ngerman,Das ist nicht gut,0\ngerman,Das ist schön,2\n")

    main(["--data", str(tmp_path)])

    names = [line.split("  ")[0].strip() for line in capsys.readouterr().out.splitlines()]
    assert names[4:-1] == ["complaints", "random posts and replies", "german"]
