"""What happened: API calls, protocol errors, and how long it has been quiet."""

import time
from collections import deque
from typing import Any, Final

import orjson

#: So many API calls and protocol errors are remembered for /sim/state.
REMEMBERED: Final = 2_000


class Ledger:
    """Remember the newest calls and errors, and count what goes on right now."""

    def __init__(self) -> None:
        self.calls: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self.protocol_errors: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self.call_count = 0
        self.in_flight = 0
        self._last_activity = time.monotonic()

    def touch(self) -> None:
        """Something moved: start the quiet time anew."""
        self._last_activity = time.monotonic()

    def quiet_s(self) -> float:
        """Return for how many seconds nothing has moved (0 while a call is being served)."""
        return 0.0 if self.in_flight else time.monotonic() - self._last_activity

    def called(self, method: str, args: dict[str, Any], *, ok: bool, error: str = "") -> None:
        """Remember one Web API call; its arguments are kept as JSON text to stay small."""
        packed = orjson.Fragment(orjson.dumps(args, default=str))
        self.calls.append({"method": method, "args": packed, "ok": ok, "error": error})
        self.call_count += 1
        self.touch()

    def wrong(self, kind: str, at: float, **details: Any) -> None:
        """Remember a breach of Slack's protocol by the app."""
        self.protocol_errors.append({"kind": kind, "at": at, **details})
