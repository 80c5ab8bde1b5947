"""Measures ``judge`` on labelled posts: ``python -m tests.bench triage [--data DIR]``.

Without ``--data`` the project's own posts are judged. DIR may hold public sets as gzip CSV (complaints, airline,
tweeteval_sentiment, multilingual_sentiment); what is absent is left out. Nothing here sets a weight.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import time
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.mention import Author, Mention
from bot.domain.verdict import Kind, Verdict
from bot.triage.scorer import judge

POSTS = Path(__file__).parent.parent / "data" / "labelled_posts.jsonl"
#: Posts of the demo, composed and labelled by another hand than the cues.
DEMO = Path(__file__).parent.parent.parent / "bot" / "demo" / "posts"
#: Families that help the score but tell staff little.
VAGUE = {"something not right", "speaks to the company", "about the service", "shouting"}
WHEN = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A post and what a person said of it."""

    text: str
    complaint: bool
    lang: str = ""


def mention(text: str, lang: str = "") -> Mention:
    """Return ``text`` as a feed would bring it."""
    author = Author(handle="someone")
    return Mention(
        feed="bench",
        platform="X",
        post_id="1",
        author=author,
        text=text,
        posted_at=WHEN,
        seen_at=WHEN,
        lang=lang,
        tagged="@" in text,
    )


def own_posts() -> list[dict[str, str]]:
    """Return the project's labelled posts; odd ids set the weights, even ids were held out."""
    return [json.loads(line) for line in POSTS.read_text(encoding="utf-8").splitlines()]


def demo_posts() -> list[Labelled]:
    """Return the demo's posts with their labels."""
    records = [post for path in sorted(DEMO.glob("*.toml")) for post in tomllib.loads(path.read_text("utf-8"))["post"]]
    return [Labelled(post["text"], post["complaint"], post.get("lang", "en")) for post in records if "text" in post]


def area(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the area under the ROC curve: how often a complaint outranks another post; ties count half."""
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    ranks = [0.0] * len(scores)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        for i in order[start:end]:
            ranks[i] = (start + end + 1) / 2
        start = end
    yes = sum(labels)
    won = sum(rank for rank, label in zip(ranks, labels, strict=True) if label) - yes * (yes + 1) / 2
    return won / (yes * (len(labels) - yes))


def f1(labels: Sequence[bool], said: Sequence[bool], *, of: bool) -> float:
    """Return the harmonic mean of precision and recall for one class."""
    pairs = list(zip(labels, said, strict=True))
    hit = pairs.count((of, of))
    return 2 * hit / max(1, 2 * hit + pairs.count((of, not of)) + pairs.count((not of, of)))


def macro_f1(labels: Sequence[bool], said: Sequence[bool]) -> float:
    """Return the mean of both classes' F1."""
    return (f1(labels, said, of=True) + f1(labels, said, of=False)) / 2


def precision_at_recall(labels: Sequence[bool], scores: Sequence[float], recall: float) -> float:
    """Return the best precision of any threshold that finds at least ``recall`` of the complaints."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    best, found = 0.0, 0
    for seen, i in enumerate(order, start=1):
        found += labels[i]
        last_of_its_score = seen == len(order) or scores[order[seen]] != scores[i]
        if last_of_its_score and found >= recall * sum(labels):
            best = max(best, found / seen)
    return best


def readable(verdict: Verdict) -> bool:
    """Return whether a ground with a plain meaning speaks for a complaint, in the author's words."""
    return any(reason.weight >= 0.5 and reason.words and reason.family not in VAGUE for reason in verdict.reasons)


def measure(name: str, posts: Sequence[Labelled]) -> dict[str, float]:
    """Judge ``posts``, print one line of figures and return them."""
    mentions = [mention(post.text, post.lang) for post in posts]
    judge(mentions[0])
    began = time.process_time()
    verdicts = [judge(each) for each in mentions]
    spent = time.process_time() - began
    figures = quality([post.complaint for post in posts], verdicts) | {"posts/s": len(posts) / spent}
    print(f"{name:<28} n={len(posts):<6}" + "  ".join(f"{key} {value:.3f}" for key, value in figures.items()))  # noqa: T201 - a benchmark speaks to a terminal
    return figures


def quality(labels: Sequence[bool], verdicts: Sequence[Verdict]) -> dict[str, float]:
    """Return the figures of ``verdicts`` against ``labels``; flagged means a card, unsure ones included."""
    scores = [verdict.score for verdict in verdicts]
    said = [verdict.flagged for verdict in verdicts]
    pairs = list(zip(labels, verdicts, strict=True))
    found = [verdict for label, verdict in pairs if label and verdict.kind is Kind.COMPLAINT]
    calm = [verdict.flagged for label, verdict in pairs if not label]
    figures = {"unsure": sum(v.kind is Kind.UNSURE for v in verdicts) / len(verdicts)}
    if any(labels) and calm:
        figures |= {
            "mF1": macro_f1(labels, said),
            "AUC": area(labels, scores),
            "P@R90": precision_at_recall(labels, scores, 0.9),
            "recall": len(found) / sum(labels),
            "readable": sum(map(readable, found)) / max(1, len(found)),
        }
    return figures | ({"false alarms": sum(calm) / len(calm)} if calm else {})


def slowest() -> float:
    """Return the milliseconds that the slowest of some hostile texts of 10,000 characters takes, best of three."""
    hostile = [
        "not " * 2_500,
        "😡" * 10_000,
        "#" + "worst" * 2_000,
        "a." * 5_000 + "@",
        "\ufdfa" * 10_000,
        "wait " * 2_000,
    ]
    return max(min(_spent(mention(text)) for _ in range(3)) for text in hostile) * 1_000


def _spent(one: Mention) -> float:
    began = time.process_time()
    judge(one)
    return time.process_time() - began


def rows(path: Path) -> Iterable[dict[str, str]]:
    """Yield the rows of a gzip CSV."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def public_sets(folder: Path) -> Iterable[tuple[str, list[Labelled]]]:
    """Yield each public set that ``folder`` holds, under a name."""
    for name in ("complaints", "airline"):
        path = folder / f"{name}.csv.gz"
        if path.exists():
            yield name, [Labelled(row["text"], row["label"] == "1") for row in rows(path)]
    path = folder / "complaints.csv.gz"
    if path.exists():
        chatter = [row["text"] for row in rows(path) if "random" in row["domain"]]
        yield "random posts and replies", [Labelled(text, complaint=False) for text in chatter]
    path = folder / "multilingual_sentiment.csv.gz"
    if path.exists():
        table = list(rows(path))
        for lang in sorted({row["lang"] for row in table}):
            yield lang, [Labelled(row["text"], row["label"] == "0") for row in table if row["lang"] == lang]


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench triage", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of public sets")
    options = parser.parse_args(argv)
    own = own_posts()
    for name, parity in (("own, weights set on", 1), ("own, held out", 0)):
        half = [post for post in own if int(post["id"][1:]) % 2 == parity]
        measure(name, [Labelled(post["text"], bool(post["complaint"])) for post in half])
    measure("own, all", [Labelled(post["text"], bool(post["complaint"])) for post in own])
    measure("demo", demo_posts())
    for name, posts in public_sets(options.data) if options.data else ():
        measure(name, posts)
    print(f"slowest hostile text: {slowest():.1f} ms")  # noqa: T201 - the same


if __name__ == "__main__":
    main()
