"""What ails this process: as those at work noticed it, and as it is found by looking."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot import metrics
from bot.errors import GoshawkError, SlackLocked
from bot.log import get

#: Seconds in which everything is looked at; what takes longer is not well.
PATIENCE_S: Final = 3.0

Check = Callable[[], Awaitable[str]]
"""Gives what is wrong, as a sentence; empty when nothing is."""

_log = get(__name__)


async def ailing(checks: Mapping[str, Check]) -> dict[str, str]:
    """Look at everything at once, and return what is wrong, by name."""
    found = await asyncio.gather(*map(_asked, checks.values()))
    return {name: words for name, words in zip(checks, found, strict=True) if words}


async def _asked(check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await check()
    except TimeoutError:
        return f"No answer within {PATIENCE_S:g} seconds."
    except GoshawkError as trouble:
        return str(trouble)


class Vitals:
    """How the process does, one fact a field; a fresh one is well."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        """Count seconds by ``ticks``."""
        self.token_trouble = ""
        """Slack's word for why it does not take our token; empty while it does."""
        self._ticks = ticks
        self._again_at = 0.0

    def locked(self, trouble: SlackLocked) -> None:
        """Note that Slack does not take our token; said aloud once."""
        if not self.token_trouble:
            _log.error("Slack does not take our token; everything waits until it does", code=trouble.code)
        self.token_trouble = trouble.code
        self._again_at = self._ticks() + trouble.retry_after_s  # of one that was not let through: the same moment
        metrics.SLACK_TOKEN.set(0)

    def taken(self) -> None:
        """Note that Slack takes our token."""
        if self.token_trouble:
            _log.warning("Slack takes our token again", code=self.token_trouble)
        self.token_trouble = ""
        metrics.SLACK_TOKEN.set(1)

    def check(self) -> None:
        """Refuse to call Slack in vain; now and then somebody is let through, to see whether it takes our token.

        Raises:
            SlackLocked: it did not a moment ago.
        """
        left = self._again_at - self._ticks()
        if self.token_trouble and left > 0:
            raise SlackLocked(self.token_trouble, retry_after_s=left)
