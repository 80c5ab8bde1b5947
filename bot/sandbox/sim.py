"""The JSON interface for tests: play a person, look at everything, turn the clock, wait until it is quiet.

Every call needs the header ``X-Sim-Token``; without a token of its own the sandbox keeps this interface closed.
Each verb takes a JSON object and answers ``{"ok": true, ..}``, or ``{"ok": false, "error": ..}`` when a person
could not have done that (status 200, as Slack answers) or the app did not ack in time.

======================  ==============================================================================
``GET state``           everything: messages, ephemerals, views, homes, calls, protocol_errors (and their counts),
                        pings, links that show another label than their target
``POST command``        ``{user, channel, command, text}``
``POST action``         ``{user, channel, message_ts, action_id, block_id?, value | selected}``; with
                        ``view_id`` (or neither: the top modal, else the Home) instead of a message
``POST shortcut``       ``{user, callback_id}``, of a message also ``channel`` and ``message_ts``
``POST submit``         ``{user, view_id, values}``; values by block_id or action_id
``POST close``          ``{user, view_id?, all?}``
``POST message``        ``{user, channel, text, thread_ts?}``
``POST reaction``       ``{user, channel, message_ts, name}``; a second time takes it back
``POST home``           ``{user}``
``POST read``           ``{user, channel}``: the person has read the channel
``POST trick``          ``{name}``: what the page offers to play, if anything
``POST clock``          ``{advance_s}``
``POST limits``         ``{tightness}``: ``real`` (Slack's rate limits), ``tight`` (a quarter of them) or
                        ``off``; all buckets are full again
``POST faults``         ``{kind, method?, times?, seconds?, ..}``: see :mod:`bot.sandbox.faults`
``GET faults``          all faults, oldest first: how often each was played, and how often it still will be
``DELETE faults``       forgets them, and undoes what they did to channels, tokens and Slack itself
``GET idle``            ``?timeout_s=``; 408 when it does not get quiet in time
======================  ==============================================================================
"""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.args import json_object
from bot.sandbox.errors import NotPossible, Refused
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.interactions import Interactions
from bot.sandbox.limits import Limits
from bot.sandbox.submissions import Submissions
from bot.sandbox.world import World

Json = dict[str, Any]
Verb = Callable[[Mapping[str, Any]], Awaitable[Json]]

#: For so long nothing may have moved for the sandbox to count as idle, in seconds.
QUIET_S: Final = 0.25

#: How often a waiting /sim/idle looks, in seconds.
LOOK_S: Final = 0.02


def verbs(interactions: Interactions, submissions: Submissions) -> dict[str, Verb]:
    """Return what a person can do, by name; the page and the tests use the same."""

    def soon(verb: Callable[[Mapping[str, Any]], Json]) -> Verb:
        async def run(body: Mapping[str, Any]) -> Json:
            return verb(body)

        return run

    return {
        "command": interactions.command,
        "action": interactions.action,
        "shortcut": interactions.shortcut,
        "submit": submissions.submit,
        "close": submissions.close,
        "message": soon(interactions.message),
        "reaction": soon(interactions.reaction),
        "home": soon(interactions.home),
        "read": soon(interactions.read),
    }


async def perform(verb: Verb, request: Request) -> Response:
    """Do what a POST asks for and answer in JSON; a body that is no JSON object is answered with 400."""
    try:
        return answer(await verb(json_object(await request.body())))
    except Refused as refused:
        return answer(refused.answer(), 400)
    except NotPossible as refused:
        return answer(refused.answer())


def answer(body: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON answer."""
    return Response(orjson.dumps(body, default=list), status, headers, media_type="application/json")


@dataclass(slots=True)
class Sim:
    """The routes under /sim."""

    world: World
    events: Events
    verbs: Mapping[str, Verb]
    token: str
    faults: Faults
    limits: Limits

    def routes(self) -> list[Route]:
        """Return the routes, each behind the token."""
        acts = [Route(f"/sim/{name}", self._act(verb), methods=["POST"]) for name, verb in self.verbs.items()]
        return [
            *acts,
            Route("/sim/state", self._state, methods=["GET"]),
            Route("/sim/clock", self._act(self._clock), methods=["POST"]),
            Route("/sim/limits", self._act(self._tighten), methods=["POST"]),
            Route("/sim/faults", self._act(self.faults.arm), methods=["POST"]),
            Route("/sim/faults", self._look_at_faults, methods=["GET", "DELETE"]),
            Route("/sim/idle", self._idle, methods=["GET"]),
        ]

    def _act(self, verb: Verb) -> Callable[[Request], Awaitable[Response]]:
        async def act(request: Request) -> Response:
            return self._closed(request) or await perform(verb, request)

        return act

    def _closed(self, request: Request) -> Response | None:
        given = request.headers.get("x-sim-token", "")
        if self.token and hmac.compare_digest(given.encode(), self.token.encode()):
            return None
        return answer({"ok": False, "error": "wrong_sim_token"}, 403)

    async def _state(self, request: Request) -> Response:
        more = {"faults": self.faults.shown(), "limits": self.limits.shown()}
        return self._closed(request) or answer(everything(self.world) | more)

    async def _look_at_faults(self, request: Request) -> Response:
        if closed := self._closed(request):
            return closed
        if request.method == "DELETE":
            self.faults.clear()
        return answer({"ok": True, "faults": self.faults.shown()})

    async def _tighten(self, body: Mapping[str, Any]) -> Json:
        self.limits.tighten(str(body.get("tightness")))
        return {"ok": True, "limits": self.limits.shown()}

    async def _clock(self, body: Mapping[str, Any]) -> Json:
        seconds = body.get("advance_s")
        if not isinstance(seconds, int | float) or not 0 <= seconds <= 10**9:  # thirty years
            raise NotPossible("advance_s must be a number of seconds, 0 or more, 1000000000 at most")
        self.world.clock.advance(seconds)
        return {"ok": True, "now": self.world.clock.now()}

    async def _idle(self, request: Request) -> Response:
        if closed := self._closed(request):
            return closed
        try:
            timeout_s = float(request.query_params.get("timeout_s", "5"))
        except ValueError:
            return answer({"ok": False, "error": "timeout_s must be a number"}, 400)
        until = time.monotonic() + timeout_s
        while not self._is_idle():
            if not time.monotonic() < until:
                return answer({"ok": False, "error": "not_idle"}, 408)
            await asyncio.sleep(LOOK_S)
        return answer({"ok": True})

    def _is_idle(self) -> bool:
        world = self.world
        return not world.delivery.waiting and not self.events.looking and world.ledger.quiet_s() >= QUIET_S


def everything(world: World) -> Json:
    """Return the whole state of the sandbox, unmasked."""
    shown: Json = {room: [] for room in world.channels}
    whispers: list[Json] = []
    pings: list[Json] = []
    links: list[Json] = []
    for room in world.messages.channels():
        for message in world.messages.of(room):
            (whispers if message.for_user else shown[room]).append(message.to_view())
            if message.pings or message.ping_tokens:
                pings.append({"channel": room, "ts": message.ts, "users": message.pings, "tokens": message.ping_tokens})
            links += [{"channel": room, "ts": message.ts, **link} for link in message.links]
            if message.for_user:
                whispers[-1]["user"] = message.for_user
    views, sockets = world.views, world.sockets
    return {
        "now": world.clock.now(),
        "messages": shown,
        "ephemerals": whispers,
        "views": {user: [view.to_page() for view in stack] for user, stack in views.stacks.items() if stack},
        "homes": {user: view.to_page() for user, view in views.homes.items()},
        "calls": list(world.ledger.calls),
        "deliveries": list(world.ledger.deliveries),
        "call_count": world.ledger.call_count,
        "unknown_methods": world.ledger.unknown_methods,
        "protocol_errors": list(world.ledger.protocol_errors),
        "protocol_error_counts": world.ledger.error_counts,
        "connections": [
            {"id": one.id, "sent": one.sent, "unacked": sockets.unacked(one)} for one in sockets.connections
        ],
        "notices": {user: list(lines) for user, lines in world.notices.items()},
        "pings": pings,
        "links": links,
        "keep_failure": world.keep.failure,
    }
