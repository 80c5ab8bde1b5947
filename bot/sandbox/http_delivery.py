"""Signed HTTP delivery: payloads posted to the app's request URL, as Slack does when Socket Mode is off.

An answer with a 2xx status within three seconds is the ack, and its body what the ack carries. Sources of headers,
bodies and reasons: Slack docs, "Verifying requests from Slack", "Events API" and "Slash commands", and the SDK's
``SignatureVerifier``, read 2026-11-21.
"""

import asyncio
import hmac
import secrets
import time
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import orjson

from bot.sandbox.args import read_json
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

#: Bytes of an answer that are read; a longer one is an error. Ours: four times the largest view.
ANSWER_LIMIT: Final = 1_000_000

#: The highest port there is.
PORT_LIMIT: Final = 65_535

_HEADERS: Final = {"Accept": "application/json,*/*", "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"


class HttpDelivery:
    """Posts payloads to one request URL and settles their envelopes.

    Raises:
        UrlUnusable: the URL does not lead to this machine.
    """

    def __init__(self, url: str, secret: str, ledger: Ledger, clock: Clock) -> None:
        if not _is_here(url):
            example = "http://127.0.0.1:3000/slack/events"
            raise UrlUnusable(f"{url} cannot be the request URL: it must lead to this machine, such as {example}.")
        self._url = url
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
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
            envelope.fail("connection_failed")
        else:
            self._answered(envelope, answer)

    async def close(self) -> None:
        """Close what is open."""
        await self._client.aclose()

    def _answered(self, envelope: Envelope, answer: httpx.Response) -> None:
        envelope.is_last = answer.headers.get("x-slack-no-retry") == "1"
        if not answer.is_success:
            envelope.fail("http_error")
        elif envelope.state == "late":
            ms = envelope.age_ms()
            self._ledger.wrong("late_ack", self._clock.now(), envelope_id=envelope.id, type=envelope.kind, ms=ms)
        else:
            envelope.state = "acked"
            envelope.settle(Ack(_read(answer) if envelope.accepts_payload else {}, envelope.age_ms()))

    async def _delivered(self, envelope: Envelope) -> httpx.Response:
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

    async def _refusal(self) -> httpx.Response | None:
        """Let the app prove once that it is the one to hear events; None when it has."""
        async with self._proving:
            if self._is_proven:
                return None
            challenge = secrets.token_hex(32)
            question = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
            answer = await self._ask(orjson.dumps(question), _JSON, {})
            given = _read(answer)
            proof = given.get("challenge") or given.get("text")
            self._is_proven = answer.is_success and proof in (challenge, f"challenge={challenge}")
            if self._is_proven:
                return None
            self._ledger.wrong("challenge_failed", self._clock.now(), status=answer.status_code)
            return httpx.Response(httpx.codes.BAD_REQUEST, headers=answer.headers)

    async def _ask(self, body: bytes, kind: str, headers: dict[str, str]) -> httpx.Response:
        """Post a signed body; what is answered is read as far as the limit, and beyond it is an error."""
        now = str(int(time.time()))
        digest = hmac.new(self._secret.encode(), f"v0:{now}:".encode() + body, "sha256").hexdigest()
        signed = {"Content-Type": kind, "X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={digest}"}
        given = bytearray()
        async with self._client.stream("POST", self._url, content=body, headers=signed | headers) as answer:
            async for piece in answer.aiter_bytes():
                given += piece
                if len(given) > ANSWER_LIMIT:
                    return httpx.Response(httpx.codes.BAD_GATEWAY)
        kept = {name: value for name, value in answer.headers.items() if name == "x-slack-no-retry"}
        return httpx.Response(answer.status_code, headers=kept, content=bytes(given))


def _read(answer: httpx.Response) -> dict[str, Any]:
    """Read a JSON object; anything else is a plain text to show, as of a slash command."""
    try:
        value = read_json(answer.content)
    except orjson.JSONDecodeError:
        value = None
    if isinstance(value, dict):
        return value
    text = answer.content.decode(errors="replace").strip()
    return {"text": text} if text else {}


def _is_here(url: str) -> bool:
    try:
        parts = httpx.URL(url)
        host, port = parts.host, parts.port or 80
    except (httpx.InvalidURL, UnicodeError):
        return False
    return parts.scheme == "http" and host in LOOPBACK and port <= PORT_LIMIT and not parts.userinfo


async def _stay_here(request: httpx.Request) -> None:
    """Follow no redirect away from this machine."""
    if not _is_here(str(request.url)):
        raise httpx.UnsupportedProtocol("a redirect away from this machine", request=request)
