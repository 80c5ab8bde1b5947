"""What can go wrong between an app and Slack, armed by a test and played to the app.

Faults of a call wait for the next call of ``method`` (``*``: any; answers by response URL are ``response_url``) and are
played ``times`` times. All others happen at once; what they did to the world is undone when the faults are cleared.

========================  ============================================================================
of a call
``status``                answered with ``status`` (503 when not given) and a page of HTML, as by a proxy
``html``                  answered with 200 and a page of HTML; not applied
``reset_before``          the TCP connection is cut; not applied
``reset_after``           the TCP connection is cut, but the call was applied
``slow``                  applied and answered after ``seconds``
``slow_answer``           applied now, answered after ``seconds``
``lost``                  applied, not answered: cut when the app hangs up, or after two minutes
``late``                  answered with 503 now, applied after ``seconds``
``ratelimited``           answered with 429 and ``seconds`` as Retry-After; not applied
``error``                 answered with this ``error`` of Slack's; applied if ``applied`` says so
of the transport
``socket_abort``          every socket is cut without a word
``socket_close``          every socket is closed properly
``warning``               a disconnect frame of this reason, after which nothing happens
``refresh_requested``     a disconnect frame of this reason, after which the sockets end
``too_many_websockets``   the next ``times`` connections are turned away
``duplicate``             the next ``times`` payloads are delivered twice
``out_of_order``          the next press is overtaken by the one after it
of the world
``token_revoked``         the tokens count no more; the app is told if it hears that, its sockets end
``channel_archived``      ``channel`` is archived
``bot_removed``           the bot is no member of ``channel`` any more
``message_deleted``       the message ``ts`` in ``channel`` is deleted, for ever
``slack_down``            for ``seconds`` calls fail with 503, sockets are cut and people can do nothing
========================  ============================================================================
"""

from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.broken_calls import CALLS, STANDING, BrokenCall, Fault, Serve
from bot.sandbox.errors import NotPossible
from bot.sandbox.events import Events
from bot.sandbox.workspace import BOT_USER, Channel
from bot.sandbox.world import World

Json = dict[str, Any]
Verb = Callable[[Mapping[str, Any]], Awaitable[Json]]
Undo = Callable[[], object]

#: So many faults are remembered, the oldest forgotten first.
REMEMBERED: Final = 500

#: The most times that a fault is played, and the most seconds that it takes.
MOST: Final = 10_000

#: What a fault may be told, and of which type.
_TOLD: Final[dict[str, type | tuple[type, ...]]] = {
    "kind": str,
    "method": str,
    "times": int,
    "seconds": (int, float),
    "status": int,
    "error": str,
    "applied": bool,
    "channel": str,
    "ts": str,
}


@dataclass(slots=True)
class Faults:
    """The faults that were asked for: armed, played, and undone."""

    world: World
    events: Events
    methods: Collection[str]
    """The Web API methods there are."""
    _asked: deque[Fault] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _undone_by: list[Undo] = field(default_factory=list)

    def around(self, serve: Serve) -> Serve:
        """Return ``serve`` with faults in its way: the only place where a call meets them."""

        async def enter(request: Request) -> Response:
            method = request.path_params.get("method", "response_url")
            fault = self._met_by(method)
            return await (serve(request) if fault is None else self._broken(fault, method, request, serve))

        return enter

    def over(self, verbs: Mapping[str, Verb]) -> dict[str, Verb]:
        """Return what people can do, if Slack is not down."""

        def unless_down(verb: Verb) -> Verb:
            async def act(body: Mapping[str, Any]) -> Json:
                now = self.world.clock.now()
                if any(fault.kind == "slack_down" and now < fault.until for fault in self._asked):
                    raise NotPossible("Slack is down. Nothing you do here reaches anybody; try again in a while.")
                return await verb(body)

            return act

        return {name: unless_down(verb) for name, verb in verbs.items()}

    async def arm(self, body: Mapping[str, Any]) -> Json:
        """Take one fault; what is not about a call happens at once.

        Raises:
            NotPossible: the body names no fault, or one that cannot be.
        """
        fault = self._read(body)
        if happen := _AT_ONCE.get(fault.kind):
            if undo := happen(self, fault):
                self._undone_by.append(undo)
            fault.played = 0 if fault.kind in STANDING else fault.times
        self._asked.append(fault)
        self.world.bell.ring()
        return {"ok": True, "faults": self.shown()}

    def clear(self) -> None:
        """Forget all faults, and undo what they did to the world."""
        while self._undone_by:
            self._undone_by.pop()()
        self._asked.clear()
        self.world.delivery.swap(wanted=False)
        self.world.bell.ring()

    def shown(self) -> list[Json]:
        """Return all faults, armed and played, oldest first."""
        now = self.world.clock.now()
        return [fault.shown(now) for fault in self._asked]

    def _met_by(self, method: str) -> Fault | None:
        now = self.world.clock.now()
        return next((fault for fault in self._asked if fault.is_met_by(method, now)), None)

    async def _broken(self, fault: Fault, method: str, request: Request, serve: Serve) -> Response:
        fault.played += 1
        call, ledger = BrokenCall(fault, request, serve, self.world.clock.sleep), self.world.ledger
        ledger.in_flight += 1
        try:
            return await call.answer()
        finally:
            ledger.in_flight -= 1
            ledger.touch()
            if not call.was_served:
                ledger.called(method, {}, {"ok": False, "error": f"fault: {fault.kind}"})

    def _read(self, body: Mapping[str, Any]) -> Fault:
        given = {name: value for name, value in body.items() if value is not None}
        if str(given.get("kind")) not in KINDS:
            raise NotPossible(f"kind must be one of {', '.join(KINDS)}")
        for name, value in given.items():
            if not isinstance(value, _TOLD.get(name, ())):
                raise NotPossible(f"a fault of kind {given['kind']} cannot be told {name} = {value!r}")
        fault = Fault(**given)
        if fault.method not in {*self.methods, "*", "response_url"}:
            raise NotPossible(f"there is no method {fault.method}; * means any, and response_url counts as one")
        if not (1 <= fault.times <= MOST and 0 <= fault.seconds <= MOST and fault.status in {500, 502, 503, 504}):
            raise NotPossible(f"times must be 1 to {MOST}, seconds 0 to {MOST}, status 500, 502, 503 or 504")
        return fault


def _archive(faults: Faults, fault: Fault) -> Undo:
    channel = _channel(faults, fault)
    before, channel.is_archived = channel.is_archived, True
    return lambda: setattr(channel, "is_archived", before)


def _remove_bot(faults: Faults, fault: Fault) -> Undo:
    members = _channel(faults, fault).members
    if BOT_USER not in members:
        raise NotPossible(f"the bot is not in {fault.channel}")
    members.remove(BOT_USER)

    def undo() -> None:
        if BOT_USER not in members:
            members.append(BOT_USER)

    return undo


def _delete_message(faults: Faults, fault: Fault) -> None:
    message = faults.world.messages.get(_channel(faults, fault).id, fault.ts)
    if message is None:
        raise NotPossible(f"there is no message {fault.ts!r} in {fault.channel}")
    faults.world.messages.remove(message)


def _revoke(faults: Faults, _fault: Fault) -> None:
    tokens = {"oauth": [], "bot": [BOT_USER]}
    faults.events.tell("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
    faults.world.sockets.disconnect("link_disabled")


def _take_down(faults: Faults, fault: Fault) -> None:
    fault.until = faults.world.clock.now() + fault.seconds
    faults.world.sockets.abort()


def _refuse_sockets(faults: Faults, fault: Fault) -> Undo:
    faults.world.sockets.refuse_next(fault.times)
    return lambda: faults.world.sockets.refuse_next(0)


def _deliver_twice(faults: Faults, fault: Fault) -> Undo:
    faults.world.delivery.twice(fault.times)
    return lambda: faults.world.delivery.twice(0)


def _channel(faults: Faults, fault: Fault) -> Channel:
    channel = faults.world.channels.get(fault.channel)
    if channel is None:
        raise NotPossible(f"there is no channel {fault.channel!r}; give its id")
    return channel


#: What happens as soon as it is asked for, and what undoes it.
_AT_ONCE: Final[dict[str, Callable[[Faults, Fault], Undo | None]]] = {
    "socket_abort": lambda faults, _: faults.world.sockets.abort(),
    "socket_close": lambda faults, _: faults.world.sockets.close_all(),
    "warning": lambda faults, fault: faults.world.sockets.disconnect(fault.kind),
    "refresh_requested": lambda faults, fault: faults.world.sockets.disconnect(fault.kind),
    "too_many_websockets": _refuse_sockets,
    "duplicate": _deliver_twice,
    "out_of_order": lambda faults, _: faults.world.delivery.swap(),
    "token_revoked": _revoke,
    "channel_archived": _archive,
    "bot_removed": _remove_bot,
    "message_deleted": _delete_message,
    "slack_down": _take_down,
}

KINDS: Final = tuple(dict.fromkeys((*CALLS, *_AT_ONCE)))
