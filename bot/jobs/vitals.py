"""What ails this process, as those at work noticed it: the health page reads it, nobody works against it in vain."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot import metrics
from bot.errors import SlackLocked
from bot.log import get

_log = get(__name__)


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
