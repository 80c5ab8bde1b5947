"""A delivery is believed only when it is proven, and then read whatever state it is in."""

import asyncio
import json
import shutil
import subprocess
import sys
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.domain.mention import ReplyMode, Visibility
from bot.errors import DeliveryRefused, Misconfigured
from bot.feeds.webhook import BODY_LIMIT, Webhook, curl_example, signature
from bot.sections import WebhookFeedSettings
from bot.store import tables
from tests.fakes.clock import TurnableClock

ITEM = {"id": "1", "author": "@mira", "text": "My cabin was sold twice.", "url": "https://reviews.example/1"}


def hook(clock, *, secrets="old-secret new-secret", **options):
    return Webhook(WebhookFeedSettings(kind="webhook", name="shop", **options), clock, secrets=SecretStr(secrets))


@pytest.fixture
def webhook(clock):
    return hook(clock)


SECRET = "new-secret"


def signed(clock, body, *, secret=SECRET, age_s=0, **changed):
    stamp = str(int(clock.now().timestamp()) - age_s)
    headers = {"x-goshawk-timestamp": stamp, "x-goshawk-signature": signature(secret, stamp, body)}
    return headers | {f"x-goshawk-{name}": value for name, value in changed.items()}


def deliver(webhook, clock, told, **changed):
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return webhook.parse(body, signed(clock, body, **changed))


def test_a_delivery_becomes_a_mention(webhook, clock):
    told = {**ITEM, "posted_at": "2026-11-21T08:00:00Z", "platform": "Reviews", "followers": "12", "tagged": True}
    told["visibility"] = "public"

    delivery = deliver(webhook, clock, told, delivery="d-1")

    (mention,) = delivery.page.mentions
    assert delivery.delivery_id == "d-1"
    assert (mention.feed, mention.platform, mention.post_id, mention.author.handle) == ("shop", "Reviews", "1", "mira")
    assert mention.posted_at == clock.now() - timedelta(hours=1)
    assert mention.tagged and not mention.private and mention.author.followers == 12
    assert mention.terms.mode is ReplyMode.OPEN_IN_PLATFORM


def test_a_delivery_may_bring_photos_and_what_one_of_us_wrote(webhook, clock):
    told = {**ITEM, "photos": ["https://reviews.example/1.jpg"], "own": True, "answers": "0"}

    (mention,) = deliver(webhook, clock, told).page.mentions

    assert mention.photo_urls == ("https://reviews.example/1.jpg",) and mention.photos == 1
    assert mention.own and mention.answers == "0"


@pytest.mark.parametrize("secret", ["old-secret", "new-secret"])
@pytest.mark.parametrize("age_s", [-299, 0, 299])
def test_each_valid_secret_opens_within_the_window(webhook, clock, secret, age_s):
    assert deliver(webhook, clock, ITEM, secret=secret, age_s=age_s).page.mentions


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "another"},
        {"age_s": 301},
        {"age_s": -301},
        {"timestamp": ""},
        {"timestamp": "soon"},
        {"timestamp": "-5"},
        {"timestamp": "٣٣٣"},
        {"timestamp": "1" * 400},
        {"signature": ""},
        {"signature": "v1="},
        {"signature": "v2=" + "0" * 64},
        {"signature": "v1=" + "0" * 64},
        {"signature": "v1=" + "٣" * 64},
        {"signature": "v1=" + "zz" * 32},
    ],
)
def test_what_is_not_proven_is_refused(webhook, clock, changed):
    with pytest.raises(DeliveryRefused) as refused:
        deliver(webhook, clock, ITEM, **changed)

    assert refused.value.status == 401


def test_a_changed_body_is_refused(webhook, clock):
    body = json.dumps(ITEM).encode()

    with pytest.raises(DeliveryRefused, match="does not fit"):
        webhook.parse(body + b" ", signed(clock, body))


def test_headers_that_are_missing_are_refused(webhook):
    with pytest.raises(DeliveryRefused) as refused:
        webhook.parse(b"{}", {})

    assert refused.value.status == 401


def test_a_body_that_is_too_large_is_refused_before_it_is_looked_at(webhook):
    with pytest.raises(DeliveryRefused) as refused:
        webhook.parse(b"x" * (BODY_LIMIT + 1), {})

    assert refused.value.status == 413


def test_without_an_id_of_its_own_a_delivery_is_known_by_its_signature(webhook, clock):
    first, again = deliver(webhook, clock, ITEM), deliver(webhook, clock, ITEM)
    clock.advance(timedelta(seconds=1))

    assert first.delivery_id == again.delivery_id
    assert deliver(webhook, clock, ITEM).delivery_id != first.delivery_id


@pytest.mark.parametrize("delivery", ["with blank", "x" * 201, "ä"])
def test_an_odd_delivery_id_is_refused(webhook, clock, delivery):
    with pytest.raises(DeliveryRefused) as refused:
        deliver(webhook, clock, ITEM, delivery=delivery)

    assert refused.value.status == 400


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b'["\\u' * 9_000, b"null", b"{}", b"[7]"]
)
def test_what_cannot_be_understood_is_refused(webhook, clock, body):
    with pytest.raises(DeliveryRefused) as refused:
        deliver(webhook, clock, body)

    assert refused.value.status == 400


def test_too_many_mentions_at_once_are_refused(webhook, clock):
    with pytest.raises(DeliveryRefused) as refused:
        deliver(webhook, clock, [ITEM] * 501)

    assert refused.value.status == 413


def test_a_spoilt_item_does_not_hide_its_neighbours(webhook, clock):
    page = deliver(webhook, clock, [{"text": "who?"}, ITEM, None, {**ITEM, "author": {}}]).page

    assert [mention.post_id for mention in page.mentions] == ["1"]
    assert page.rejected == {"no id or url": 2, "no author": 1}
    assert page.examples[0] == "Item 1: no id or url."


def test_a_delivery_may_say_that_a_post_is_gone(webhook, clock):
    url = "https://shop.example/2"
    told = [{"id": "1", "deleted": True}, {"url": url, "deleted": "yes"}, {"id": "3", "text": "Hello", "author": "m"}]

    page = deliver(webhook, clock, told).page

    assert page.gone == ("1", sha256(url.encode()).hexdigest())
    assert [one.post_id for one in page.mentions] == ["3"]
    assert page.read == 3


def test_a_delivery_may_say_which_version_it_brings(webhook, clock):
    moments = ["2026-11-21T08:30:00Z", "", "2099-01-01"]
    told = [{**ITEM, "id": str(number), "edited_at": at} for number, at in enumerate(moments)]

    page = deliver(webhook, clock, told).page

    assert [one.revised_at for one in page.mentions] == [datetime(2026, 11, 21, 8, 30, tzinfo=UTC), None, None]


def test_a_delivery_of_nothing_but_deletions_is_fine(webhook, clock):
    assert deliver(webhook, clock, {"id": "1", "deleted": True}).page.gone == ("1",)


def test_deeply_nested_neighbours_of_a_deletion_are_read(webhook, clock):
    """Two that are alike but for what stands deepest in them are never compared."""
    deep = "[" * 1_000 + "]" * 1_000
    kept, gone = (f'{{"x": {deep}, "id": "{n}", "author": "a", "text": "t", "deleted": {n}}}' for n in (0, 1))

    page = deliver(webhook, clock, f"[{kept}, {gone}]".encode()).page

    assert ([one.post_id for one in page.mentions], page.gone) == (["0"], ("1",))


def test_what_only_looks_like_a_deletion_is_no_copy_of_one(webhook, clock):
    item = {"id": "7", "author": "a", "text": "t"}

    page = deliver(webhook, clock, [{**item, "deleted": 1}, {**item, "deleted": 1.0}]).page

    assert (page.gone, len(page.mentions)) == (("7",), 1)


@pytest.mark.parametrize("sign", ["a", "é", "😀"])
def test_whatever_is_long_fits_into_its_column(webhook, clock, sign):
    names = ("id", "platform", "thread", "answers", "lang", "author")
    (mention,) = deliver(webhook, clock, {"text": "hi", **dict.fromkeys(names, sign * 5_000)}).page.mentions

    told = {"platform": mention.platform, "post_id": mention.post_id, "thread": mention.thread}
    told |= {"answers": mention.answers, "lang": mention.lang, "handle": mention.author.handle}
    assert {name: len(words) for name, words in told.items() if len(words) > tables.mention.c[name].type.length} == {}


def test_an_empty_list_is_fine(webhook, clock):
    assert deliver(webhook, clock, []).page.read == 0


def test_without_an_id_the_link_is_one(webhook, clock):
    without = {name: value for name, value in ITEM.items() if name != "id"}

    first, again = (deliver(webhook, clock, without).page.mentions[0] for _ in range(2))

    assert first.post_id == again.post_id and len(first.post_id) == 64


def test_a_mapping_finds_our_fields_in_theirs(clock):
    fields = {"id": "data.url", "text": "data.body", "author": "data.people.0.name", "url": "data.url"}
    told = {"action": "created", "data": {"body": "Late again", "url": "https://x.example", "people": [{"name": "jo"}]}}

    (mention,) = deliver(hook(clock, fields=fields, platform="Octo"), clock, told).page.mentions

    assert (mention.text, mention.author.handle, mention.platform) == ("Late again", "jo", "Octo")
    assert mention.post_id == "https://x.example"


@pytest.mark.parametrize(
    ("told", "visibility"),
    [("public", Visibility.PUBLIC), ("direct", Visibility.PRIVATE), ("inner circle", Visibility.UNKNOWN)],
)
def test_who_may_read_it_is_kept(webhook, clock, told, visibility):
    (mention,) = deliver(webhook, clock, {**ITEM, "visibility": told}).page.mentions

    assert mention.visibility is visibility


@pytest.mark.parametrize("said", [{}, {"visibility": None}, {"visibility": ""}])
def test_what_nobody_said_is_treated_as_private(webhook, clock, said):
    (mention,) = deliver(webhook, clock, {**ITEM, **said}).page.mentions

    assert mention.visibility is Visibility.UNKNOWN and mention.private


@pytest.mark.parametrize(
    ("said", "visibility"),
    [
        ({}, Visibility.PUBLIC),
        ({"visibility": "direct"}, Visibility.PRIVATE),
        ({"visibility": "?"}, Visibility.UNKNOWN),
    ],
)
def test_a_sender_that_the_operator_vouches_for_is_public_unless_it_says_otherwise(clock, said, visibility):
    (mention,) = deliver(hook(clock, visibility="public"), clock, {**ITEM, **said}).page.mentions

    assert mention.visibility is visibility


def test_a_very_long_id_is_kept_short_and_stable(webhook, clock):
    first, again = (deliver(webhook, clock, {**ITEM, "id": "ä" * 3_000}).page.mentions[0] for _ in range(2))
    other = deliver(webhook, clock, {**ITEM, "id": "ä" * 3_001}).page.mentions[0]

    assert first.post_id == again.post_id != other.post_id
    assert len(first.post_id) < 255


def test_a_webhook_without_a_secret_is_refused_with_the_name_to_set(clock):
    with pytest.raises(Misconfigured, match="Set GOSHAWK_SECRETS__SHOP"):
        hook(clock, secrets="  ")


def test_a_mapping_of_a_field_that_is_not_ours_is_refused(clock):
    with pytest.raises(Misconfigured, match="'txt'"):
        hook(clock, fields={"txt": "body"})


async def test_listening_waits_for_the_web(webhook):
    async with aclosing(webhook.listen("")) as pages:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await anext(pages)


def stands_in(path, what):
    path.write_text(f"#!{sys.executable}\nimport hmac, sys\n{what}\n")
    path.chmod(0o755)


def test_the_example_for_a_shell_is_accepted(tmp_path, clock):
    stands_in(tmp_path / "curl", "print(*sys.argv[1:], sep='\\n')")
    if not shutil.which("openssl"):  # a bare machine has none: play what "dgst -sha256 -hmac KEY -r" does
        stands_in(
            tmp_path / "openssl", "print(hmac.new(sys.argv[4].encode(), sys.stdin.buffer.read(), 'sha256').hexdigest())"
        )
    script = curl_example("shop", "https://goshawk.example/").replace("$(date +%s)", str(int(clock.now().timestamp())))

    said = subprocess.run(  # noqa: S603 - our own example
        ["/bin/sh", "-eu", "-c", script],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "GOSHAWK_SECRETS__SHOP": "new-secret"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    headers = dict(word.split(": ", 1) for word in said if word.startswith(("X-", "Content-")))
    assert "https://goshawk.example/hooks/shop" in said
    assert hook(clock).parse(said[-1].encode(), headers).page.mentions


tree = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(
            st.fixed_dictionaries(
                {},
                optional=dict.fromkeys(
                    [
                        "id",
                        "text",
                        "author",
                        "posted_at",
                        "url",
                        "platform",
                        "thread",
                        "lang",
                        "tagged",
                        "likes",
                        "followers",
                    ],
                    tree,
                ),
            ),
            max_size=4,
        ).map(lambda told: json.dumps(told).encode()),
    )
)
def test_no_body_breaks_the_door(body):
    clock = TurnableClock()

    with suppress(DeliveryRefused):
        delivery = deliver(hook(clock), clock, body)
        assert all(mention.text and mention.post_id for mention in delivery.page.mentions)
