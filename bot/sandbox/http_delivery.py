"""Signed HTTP delivery: payloads posted to the app's request URL, as Slack does when Socket Mode is off.

An answer with a 2xx status within three seconds is the ack, and its body what the ack carries. Sources of headers,
bodies and reasons: Slack docs, "Verifying requests from Slack", "Events API" and "Slash commands", and the SDK's
``SignatureVerifier``, read 2026-11-21.
"""

import asyncio
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import httpx
import orjson

from bot.sandbox.clock import Clock
from bot.sandbox.envelopes import Ack, Envelope
from bot.sandbox.errors import UrlUnusable
from bot.sandbox.guard import LOOPBACK
from bot.sandbox.ledger import Ledger
from bot.sandbox.payloads import VERIFICATION_TOKEN

#: Redirects that Slack follows. Source: Slack docs, "Events API: error handling", read 2026-11-21.
REDIRECT_LIMIT: Final = 2

#: Seconds after which even a late answer is no longer waited for: ours, to be able to count it.
PATIENCE_S: Final = 30.0

#: Bytes of an answer that are read; a longer one counts as an error. Ours: four times the largest view.
ANSWER_LIMIT: Final = 1_000_000

_HEADERS: Final = {"Accept": "application/json,*/*", "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the app answered; an answer that is too long was cut."""

    status: int
    body: bytes
    is_last: bool
    """Whether the app asked not to be sent this again."""

    @property
    def is_ok(self) -> bool:
        return httpx.codes.is_success(self.status) and len(self.body) <= ANSWER_LIMIT

    def payload(self) -> dict[str, Any]:
        """Read a JSON object; anything else is a plain text to show, as of a slash command."""
        try:
            value = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            value = None
        if isinstance(value, dict):
            return value
        text = self.body.decode(errors="replace").strip()
        return {"text": text} if text else {}


class HttpDelivery:
    """Posts payloads to one request URL and settles their envelopes.

    Raises:
        UrlUnusable: the URL does not lead to this machine.
    """

    def __init__(self, url: str, secret: str, ledger: Ledger, clock: Clock) -> None:
        self._url = _checked(url)
        self._secret = secret
        self._ledger = ledger
        self._clock = clock
        self._is_proven = False
        self._proving = asyncio.Lock()
        # A connection for each payload: an app may close an idle one in the very moment of its next use.
        self._client = httpx.AsyncClient(
            headers=_HEADERS,
            timeout=None,  # noqa: S113 - the time of each post is bounded as a whole
            trust_env=False,
            follow_redirects=True,
            max_redirects=REDIRECT_LIMIT,
            limits=httpx.Limits(max_keepalive_connections=0),
            event_hooks={"request": [_stay_here]},
        )

    async def post(self, envelope: Envelope) -> None:
        """Post a payload: its envelope is acked, or fails with Slack's reason."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await self._delivered(envelope)
        except TimeoutError:
            return
        except httpx.TooManyRedirects:
            envelope.fail("too_many_redirects")
        except httpx.HTTPError:
            envelope.fail("connection_failed")
        else:
            self._answered(envelope, answer)

    async def close(self) -> None:
        """Close what is open."""
        await self._client.aclose()

    def _answered(self, envelope: Envelope, answer: _Answer) -> None:
        envelope.is_last = answer.is_last
        if not answer.is_ok:
            envelope.fail("http_error")
        elif envelope.state == "late":
            ms = envelope.age_ms()
            self._ledger.wrong("late_ack", self._clock.now(), envelope_id=envelope.id, type=envelope.kind, ms=ms)
        else:
            envelope.state = "acked"
            envelope.settle(Ack(answer.payload() if envelope.accepts_payload else {}, envelope.age_ms()))

    async def _delivered(self, envelope: Envelope) -> _Answer:
        match envelope.kind:
            case "events_api":
                if refusal := await self._refusal():
                    return refusal
                retry = {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": envelope.reason}
                return await self._ask(orjson.dumps(envelope.payload), _JSON, retry if envelope.attempt else {})
            case "interactive":
                form = {"payload": orjson.dumps(envelope.payload).decode()}
            case _:
                form = envelope.payload
        return await self._ask(urlencode(form).encode(), _FORM, {})

    async def _refusal(self) -> _Answer | None:
        """Let the app prove once that it is the one to hear events; None when it has."""
        async with self._proving:
            if self._is_proven:
                return None
            challenge = secrets.token_hex(32)
            question = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
            answer = await self._ask(orjson.dumps(question), _JSON, {})
            given = str(answer.payload().get("challenge") or answer.body.decode(errors="replace").strip())
            self._is_proven = answer.is_ok and given in {challenge, f"challenge={challenge}"}
            if self._is_proven:
                return None
            self._ledger.wrong("challenge_failed", self._clock.now(), status=answer.status)
            return _Answer(httpx.codes.BAD_REQUEST, b"", answer.is_last)

    async def _ask(self, body: bytes, kind: str, headers: dict[str, str]) -> _Answer:
        now = str(int(time.time()))
        digest = hmac.new(self._secret.encode(), f"v0:{now}:".encode() + body, "sha256").hexdigest()
        signed = {"Content-Type": kind, "X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={digest}"}
        given = bytearray()
        async with self._client.stream("POST", self._url, content=body, headers=signed | headers) as answer:
            async for piece in answer.aiter_bytes():
                given += piece
                if len(given) > ANSWER_LIMIT:
                    break
        return _Answer(answer.status_code, bytes(given), answer.headers.get("x-slack-no-retry") == "1")


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_ours = parts.scheme == "http" and parts.hostname in LOOPBACK and parts.port != 0 and not parts.username
    except ValueError:
        is_ours = False
    if is_ours:
        return url
    raise UrlUnusable(
        f"{url} cannot be the request URL: it must lead to this machine, such as http://127.0.0.1:3000/slack/events."
    )


async def _stay_here(request: httpx.Request) -> None:
    """Follow no redirect away from this machine."""
    if request.url.scheme != "http" or request.url.host not in LOOPBACK:
        raise httpx.UnsupportedProtocol("a redirect away from this machine", request=request)
