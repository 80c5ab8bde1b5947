"""House rules for the scripted posts: enough, varied, composed one by one, within every limit."""

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise

import pytest

from bot.demo.script import LIMITS, beats, is_tagged, load, load_storm

SCRIPT = load()
POSTS = [beat.post for beat in SCRIPT if not beat.again]
STORM = load_storm()

#: At least so many posts of each kind.
KINDS = {
    "plain": 45, "polite": 8, "irony": 12, "question": 10, "praise": 12, "noise": 20, "copied": 4, "hostile": 8,
    "safety": 3, "legal": 2, "stranded": 4, "access": 3, "refund": 5, "private": 1, "viral": 1, "big": 1,
}  # fmt: skip


def sentences(text: str) -> set[str]:
    """The sentences of a text without handles, hashtags and case; repeated lines inside a text count once."""
    bare = re.sub(r"[@#]\w+", " ", text.casefold())
    parts = (re.sub(r"\W+", " ", part).strip() for part in re.split(r"(?<=[.!?…])\s+|\n+", bare))
    return {part for part in parts if part}


def said():
    """Everything that anybody says, by post, also in a storm."""
    return [(post, text) for post in (*POSTS, *STORM) for text in (post.text, *post.follow_ups)]


def test_there_is_enough_of_every_kind():
    counted = Counter(post.kind for post in POSTS)

    assert len(POSTS) >= 130
    assert set(counted) == set(KINDS)
    assert {kind: counted[kind] for kind, least in KINDS.items() if counted[kind] < least} == {}


def test_every_network_and_three_other_languages_speak():
    assert {post.network for post in POSTS} == set(LIMITS)
    for lang in ("de", "es", "fr"):
        assert {post.complaint for post in POSTS if post.lang == lang} == {True, False}


def test_nobody_says_the_same_sentence_twice():
    copied = [post for post in POSTS if post.kind == "copied"]
    counted = Counter(s for post, text in said() if text != post.text or post not in copied for s in sentences(text))

    assert [sentence for sentence, times in counted.items() if times > 1] == []


def test_no_text_is_another_one_with_words_changed():
    sayings: dict[tuple[str, ...], set[int]] = {}
    for number, (post, text) in enumerate(said()):
        words = re.findall(r"\w+", text.casefold()) if post.kind != "copied" else []
        for start in range(len(words) - 6):
            sayings.setdefault(tuple(words[start : start + 7]), set()).add(number)
    shared = {" ".join(run) for run, texts in sayings.items() if len(texts) > 1}

    assert shared == set()


def test_copied_texts_come_from_different_people_and_are_nearly_equal():
    copied = [post for post in POSTS if post.kind == "copied"]

    assert len({post.author.handle for post in copied}) == len(copied)
    assert len({post.text for post in copied}) == len(copied)
    for post in copied:
        others = [other for other in copied if other is not post]
        assert max(SequenceMatcher(None, post.text.lower(), other.text.lower()).ratio() for other in others) > 0.7


def test_every_text_fits_its_network():
    assert [post.id for post, text in said() if not 0 < len(text) <= LIMITS[post.network]] == []


def test_whoever_complains_or_asks_has_an_answer_in_store():
    everybody = (*POSTS, *STORM)
    silent = [post.id for post in everybody if (post.complaint or post.kind == "question") and not post.follow_ups]

    assert silent == []
    assert all(len(post.follow_ups) <= 2 for post in everybody)


def test_the_stream_keeps_its_pace():
    gaps = [later.due_s - earlier.due_s for earlier, later in pairwise(SCRIPT[3:])]

    assert SCRIPT[0].due_s == 0
    assert all(6 <= gap_s <= 14 for gap_s in gaps)


def test_ids_are_unique_and_fit_an_address():
    ids = [post.id for post in (*POSTS, *STORM)]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]-\d{4}", one) for one in ids)


def test_a_handle_is_one_person_on_a_network():
    people = {(post.network, post.author.handle): post.author for post in POSTS}

    assert all(people[post.network, post.author.handle] == post.author for post in POSTS)


def test_some_come_back_a_second_and_a_third_time():
    roots = Counter((post.network, post.author.handle) for post in POSTS if not post.answers)

    assert sum(times >= 2 for times in roots.values()) >= 8
    assert sum(times >= 3 for times in roots.values()) >= 2


def test_an_answer_stands_below_a_post_that_is_out():
    out: set[str] = set()
    for beat in SCRIPT:
        assert beat.post.answers is None or beat.post.answers in out
        out.add(beat.post.id)


def test_people_complain_tagged_and_untagged_and_use_the_name_by_chance():
    tagged = Counter(is_tagged(post.text) for post in POSTS if post.complaint)
    by_chance = [p for p in POSTS if p.kind == "noise" and re.search(r"harbou?r,? ?line", p.text, re.IGNORECASE)]

    assert tagged[True] >= 40
    assert tagged[False] >= 20
    assert len(by_chance) >= 5


def test_reach_differs_by_orders_of_magnitude():
    assert max(post.author.followers or 0 for post in POSTS) > 1_000_000
    assert max(post.likes for post in POSTS if post.complaint) > 50_000
    assert any(post.author.followers is None for post in POSTS)


@pytest.mark.parametrize(
    "trick",
    [
        "<!channel>", "<!here>", "<@U0ANA00001>", "<http://evil.example|harbourline.example>", "\u202e", "\u2067",
        "\u200b", "\ufeff", "\u0300\u0301\u0302\u0303", "<script>", "onerror=", "Resolved by", "ignore all earlier",
        "&lt;!here&gt;", "```", "\x00", "\x1b[31m",
    ],
)  # fmt: skip
def test_somebody_tries_each_trick(trick):
    assert any(trick in post.text for post in POSTS if post.kind == "hostile")


def test_one_post_is_very_long_and_one_has_no_space():
    assert any(len(post.text) > 3_000 and len(post.text.split()) > 500 for post in POSTS)
    assert any(max(map(len, post.text.split())) > 4_000 for post in POSTS)


@pytest.mark.parametrize("post", [post for post in POSTS if post.network == "blog"], ids=lambda post: post.id)
def test_a_blog_has_paragraphs(post):
    assert post.text.count("\n\n") >= 3


def test_personal_data_is_only_in_the_private_message():
    reach_me = re.compile(r"[\w.]+@[\w.]+\.\w+|\b555-\d{4}\b")
    open_texts = [text for post, text in said() if post.visibility == "public" and post.kind != "hostile"]
    private = [post for post in POSTS if post.visibility == "private"]

    assert [text for text in open_texts if reach_me.search(text)] == []
    assert all(reach_me.search(post.text) for post in private)


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("hello @harbourline", True), ("@HARBOURLINE!", True), (".@harbourline: no", True),
        ("harbourline", False), ("@harbourline_fans", False), ("me@harbourline.example", False),
        ("@harbour line", False),
    ],
)  # fmt: skip
def test_a_tag_is_the_whole_handle(text, tagged):
    assert is_tagged(text) is tagged


def test_a_record_with_a_misspelt_field_is_refused():
    record = {"id": "x-1", "gap_s": 1, "netwrok": "x", "author": {"handle": "a", "name": "A"}, "text": "hello"}

    with pytest.raises(TypeError, match="netwrok"):
        list(beats([record]))
