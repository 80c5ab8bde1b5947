"""What happened: API calls, protocol errors, and how long it has been quiet."""

import itertools
import time
from collections import Counter, deque
from typing import Any, Final

import orjson

#: So many API calls and protocol errors are remembered for /sim/state.
REMEMBERED: Final = 2_000

#: Answers to the app, and what it sent, above so many bytes are remembered without objects and lists, texts cut.
ANSWER_BYTES: Final = 2_000
ARGS_BYTES: Final = 100_000


class Ledger:
    """Remember the newest calls and errors, and count what goes on right now."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.calls: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self.deliveries: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        """Payloads sent to the app, oldest first, each with how its ack went."""
        self.protocol_errors: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self.error_counts: Counter[str] = Counter()
        """Protocol errors by kind, also those no longer remembered."""
        self.unknown_methods: Counter[str] = Counter()
        """Methods that the app asked for and the sandbox does not have."""
        self.call_count = 0
        self.in_flight = 0
        self._last_activity = time.monotonic()

    def touch(self) -> None:
        """Something moved: start the quiet time anew."""
        self._last_activity = time.monotonic()

    def quiet_s(self) -> float:
        """Return for how many seconds nothing has moved (0 while a call is being served)."""
        return 0.0 if self.in_flight else time.monotonic() - self._last_activity

    def called(self, method: str, args: dict[str, Any], answer: dict[str, Any], *, ms: float = 0.0) -> None:
        """Remember one Web API call and its answer, as JSON text to stay small; ``ms`` is how long it took."""
        entry = {
            "method": method,
            "args": _shortened(args, ARGS_BYTES),
            "ok": answer["ok"],
            "error": answer.get("error", ""),
        }
        self.calls.append(self._entry() | entry | {"answer": _shortened(answer, ANSWER_BYTES), "ms": round(ms, 1)})
        self.call_count += 1
        if entry["error"] == "unknown_method" and len(self.unknown_methods) < REMEMBERED:
            self.unknown_methods[method] += 1
        self.touch()

    def sent(self, envelope_id: str, kind: str, payload: dict[str, Any], *, attempt: int, carrier: int) -> None:
        """Remember one payload on its way to the app; ``carrier`` is the connection, 0 over HTTP."""
        entry = {"id": envelope_id, "kind": kind, "attempt": attempt, "connection": carrier, "state": "waiting"}
        entry |= {"payload": _packed(payload), "ack": None, "ms": None, "failure": ""}
        self.deliveries.append(self._entry() | entry)
        self.touch()

    def answered(self, envelope_id: str, ack: dict[str, Any] | None, **outcome: Any) -> None:
        """Remember how the ack went: ``state`` (``acked``, ``late`` or ``failed``), ``failure`` and ``ms``."""
        newest = (one for one in reversed(self.deliveries) if one["id"] == envelope_id)
        if entry := next(newest, None):
            entry |= outcome | {"ack": _packed(ack) if ack else None, "seq": next(self._numbers)}
        self.touch()

    def _entry(self) -> dict[str, Any]:
        """Begin an entry; ``seq`` grows with each and with each change of one, ``at`` is real time."""
        return {"seq": next(self._numbers), "at": time.time()}

    def wrong(self, kind: str, at: float, **details: Any) -> None:
        """Remember a breach of Slack's protocol by the app; ``at`` is the sandbox's own time, ``seen_at`` real time."""
        seen = self._entry()
        self.protocol_errors.append({"seq": seen["seq"], "seen_at": seen["at"], "kind": kind, "at": at, **details})
        self.error_counts[kind] += 1


def _packed(value: Any) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(value, default=str))


def _shortened(body: dict[str, Any], limit: int) -> orjson.Fragment:
    """Pack a body; of a long one only what is no object or list, and the beginnings of its texts."""
    packed = orjson.dumps(body, default=str)
    if len(packed) > limit:
        flat = {name: value for name, value in body.items() if not isinstance(value, dict | list)}
        flat = {name: value[:ANSWER_BYTES] if isinstance(value, str) else value for name, value in flat.items()}
        packed = orjson.dumps(flat | {"shortened_from_bytes": len(packed)}, default=str)
    return orjson.Fragment(packed)
