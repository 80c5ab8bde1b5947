"""The one way to talk to a platform: bounded and patient when reading, never trying twice when sending."""

from __future__ import annotations

import asyncio
import random
import re
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from bot import __version__
from bot.clock import Clock
from bot.errors import FeedBusy, FeedTrouble, SendDoubtful, SendLater, SendLocked, SendRefused
from bot.feeds import values

Sleep = Callable[[float], Awaitable[None]]

#: What is waited for when a platform says "later" without saying when, in seconds.
BUSY_S: Final = 60.0
#: A platform that asks for more than a day is asked again after one.
BUSY_MOST_S: Final = timedelta(days=1).total_seconds()
#: Longest piece of a platform's own words in our sentences, in characters.
WORDS_LIMIT: Final = 200

#: Errors before the first byte was sent: surely nothing happened.
_UNSENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
#: Answers of 4xx that are no verdict on the text: the server may have begun (408), or wants it later (425).
_UNKNOWN, _FORBIDDEN, _TIMED_OUT, _EARLY, _BUSY = 401, 403, 408, 425, 429
#: How platforms say that our account, and not one reply, is what they refuse; a locked post is none, nor its author.
_LOCKED: Final = re.compile(
    r"\b(your (account|login)|account is temporarily)\b.*\b(locked|suspended|disabled)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform answered."""

    status: int
    headers: httpx.Headers
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON, or None when it is none: error pages often are HTML."""
        try:
            return values.from_json(self.body)
        except ValueError:
            return None


class _Passing(FeedTrouble):
    """A read failed in a way that may pass; ``later`` is what is raised when it did not."""

    def __init__(self, later: FeedTrouble, *, retry_after_s: float | None) -> None:
        super().__init__(str(later))
        self.later = later
        self.retry_after_s = retry_after_s


@dataclass(kw_only=True)
class Wire:
    """The HTTP of one feed."""

    name: str
    """The feed's name, for sentences."""
    clock: Clock
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 20.0
    """Seconds one request may take, from connecting to the last byte."""
    body_limit: int = 5 * 1024 * 1024
    """Bytes of an answer, unpacked."""
    tries: int = 4
    """How often a read is tried in one go."""
    patience_s: float = 10.0
    """The longest ``Retry-After`` that is waited for here; a longer one is FeedBusy at once."""
    direct: bool = False
    """Pass by the proxies that the environment names."""
    sleep: Sleep = asyncio.sleep
    dice: Callable[[], float] = random.random
    transport: httpx.AsyncBaseTransport | None = None
    """An in-memory network for simulations; None: the real one."""

    def __post_init__(self) -> None:
        self._client = httpx.AsyncClient(
            headers={"User-Agent": f"Goshawk/{__version__}", "Accept-Encoding": "gzip", **self.headers},
            timeout=httpx.Timeout(self.timeout_s, connect=self.timeout_s / 2),
            transport=self.transport,
            trust_env=not self.direct,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def read(self, url: str, *, also: Collection[int] = (), **request: Any) -> Answer:
        """Return the answer to a GET: any 2xx, and the statuses in ``also``.

        Raises:
            FeedBusy: the platform asked us to come back later.
            FeedTrouble: it could not be read, or answered with something else.
        """
        patient = AsyncRetrying(
            retry=retry_if_exception_type(_Passing),
            stop=stop_after_attempt(self.tries),
            wait=self._pause,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            return await patient(self._read_once, url, also, request)
        except _Passing as passing:
            raise passing.later from passing

    async def send(self, url: str, *, json: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        """Return the 2xx answer to a POST that is sent exactly once.

        Raises:
            SendLocked: the platform takes nothing from this account of ours. SendRefused: it said no for good.
            SendLater: surely not applied.
            SendDoubtful: it may have been applied.
        """
        try:
            answer = await self._ask("POST", url, json=json, headers=headers)
        except _UNSENT as error:
            raise SendLater(f"{self.name} cannot be reached: {_cause(error)}.", retry_after_s=BUSY_S) from error
        except (httpx.HTTPError, httpx.StreamError, TimeoutError, FeedTrouble, OSError) as error:
            raise SendDoubtful(f"{self.name} did not confirm the reply: {_cause(error)}.") from error
        self._judge_sent(answer)
        return answer

    def _judge_sent(self, answer: Answer) -> None:
        status = answer.status
        if 200 <= status < 300:
            return
        if status in {_BUSY, _EARLY}:
            wait_s = self._retry_after(answer)
            raise SendLater(f"{self.name} asks us to wait.", retry_after_s=BUSY_S if wait_s is None else wait_s)
        if status == _UNKNOWN or (status == _FORBIDDEN and _LOCKED.search(_words(answer))):
            raise SendLocked(f"{self.name} takes nothing from our account: {_words(answer)}.")
        if 400 <= status < 500 and status != _TIMED_OUT:
            raise SendRefused(f"{self.name} refused the reply: {_words(answer)}.")
        raise SendDoubtful(f"{self.name} did not confirm the reply: {_words(answer)}.")

    async def _read_once(self, url: str, also: Collection[int], request: Mapping[str, Any]) -> Answer:
        try:
            answer = await self._ask("GET", url, **request)
        except (httpx.TransportError, TimeoutError, OSError) as error:
            trouble = FeedTrouble(f"{self.name} cannot be reached: {_cause(error)}.")
            raise _Passing(trouble, retry_after_s=None) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise FeedTrouble(f"{self.name} cannot be read: {_cause(error)}.") from error
        if 200 <= answer.status < 300 or answer.status in also:
            return answer
        raise self._misread(answer)

    def _misread(self, answer: Answer) -> FeedTrouble:
        """Say what a status that is no success means for reading."""
        wait_s = self._retry_after(answer)
        if answer.status == _BUSY or (answer.status >= 500 and wait_s is not None):
            busy = FeedBusy(
                f"{self.name} asks us to come back later.", retry_after_s=BUSY_S if wait_s is None else wait_s
            )
            return busy if (wait_s or 0) > self.patience_s else _Passing(busy, retry_after_s=wait_s)
        trouble = FeedTrouble(f"{self.name} cannot be read: {_words(answer)}.")
        return _Passing(trouble, retry_after_s=None) if answer.status >= 500 else trouble

    async def _ask(self, method: str, url: str, **request: Any) -> Answer:
        async with asyncio.timeout(self.timeout_s), self._client.stream(method, url, **request) as response:
            packed = response.headers.get("content-encoding", "").lower() in {"gzip", "x-gzip", "deflate"}
            chunks = [chunk async for chunk in _unpacked(response.aiter_raw(), packed=packed, limit=self.body_limit)]
            return Answer(response.status_code, response.headers, b"".join(chunks))

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, _Passing) and error.retry_after_s is not None:
            return error.retry_after_s + 0.1 * self.dice()
        return min(8.0, 0.25 * 2.0**state.attempt_number) * (0.5 + self.dice() / 2)

    def _retry_after(self, answer: Answer) -> float | None:
        """Return the seconds that ``Retry-After`` asks for, as a number or a date; None without it."""
        written = answer.headers.get("retry-after", "").strip()
        try:
            wait_s = float(written)
        except ValueError:
            try:
                at = parsedate_to_datetime(written)
            except (ValueError, TypeError, IndexError):
                return None
            wait_s = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - self.clock.now()).total_seconds()
        return min(max(0.0, wait_s), BUSY_MOST_S) if wait_s == wait_s else None  # noqa: PLR0124 - NaN alone differs


async def _unpacked(raw: AsyncIterator[bytes], *, packed: bool, limit: int) -> AsyncIterator[bytes]:
    """Yield the body's bytes, at most ``limit``: a few packed kilobytes can hold gigabytes."""
    unpacker = zlib.decompressobj(wbits=47) if packed else None
    size = 0
    async for chunk in raw:
        try:
            piece = unpacker.decompress(chunk, limit - size + 1) if unpacker else chunk
        except zlib.error as error:
            raise FeedTrouble("The answer is packed in a way that cannot be unpacked.") from error
        size += len(piece)
        if size > limit:
            raise FeedTrouble(f"The answer is larger than {limit:,} bytes.")
        yield piece
    if unpacker and size and not unpacker.eof:
        raise FeedTrouble("The packed answer ends too early.")


def _words(answer: Answer) -> str:
    """Return the platform's own words for a refusal, or its status."""
    said = answer.json()
    found = [said.get(key) for key in ("message", "detail", "error", "title")] if isinstance(said, dict) else []
    words = next((values.line(each) for each in found if isinstance(each, str) and each.strip()), "")
    status = f"status {answer.status}"
    return f"{words[:WORDS_LIMIT].rstrip('.')} ({status})" if words else status


def _cause(error: BaseException) -> str:
    if isinstance(error, FeedTrouble):
        return str(error).rstrip(".")
    if "[SSL" in str(error):
        return "its certificate is not valid" if "CERTIFICATE" in str(error) else "no secure connection came about"
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "no answer in time"
    return str(error).rstrip(".") or type(error).__name__
