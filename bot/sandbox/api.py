"""The one door of the Web API: every call passes here, is checked, answered and remembered."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.args import Args, read_args, with_warning
from bot.sandbox.errors import Refused
from bot.sandbox.limits import Limits
from bot.sandbox.world import World

BOT_TOKEN: Final = "xoxb-sandbox-harbourline-goshawk"  # noqa: S105 - good on loopback only, for everybody
APP_TOKEN: Final = "xapp-sandbox-harbourline-goshawk"  # noqa: S105 - the same
SIGNING_SECRET: Final = "sandbox-signing-secret-of-harbourline"  # noqa: S105 - the same


@dataclass(frozen=True, slots=True)
class Call:
    """One call on its way through the door."""

    method: str
    args: Args
    scopes: tuple[str, ...]
    host: str
    """The Host the app used to reach us, with port."""

    def needs(self, *scopes: str) -> None:
        """Refuse unless one of these scopes was granted.

        Raises:
            Refused: ``missing_scope``, with what is needed and what was provided.
        """
        if scopes and not set(scopes) & set(self.scopes):
            raise Refused("missing_scope", needed=scopes[0], provided=",".join(self.scopes))


@dataclass(frozen=True, slots=True)
class Method:
    """One Web API method: what it does and what it asks for."""

    run: Callable[[Call], dict[str, Any]]
    scopes: tuple[str, ...] = ()
    """One of these must be granted; empty: none is needed."""
    token: str = BOT_TOKEN
    """The token it takes; empty: none."""
    header_only: bool = False
    """The token counts in the Authorization header only."""


@dataclass(slots=True)
class Door:
    """Takes a request to ``/api/<method>`` and gives Slack's answer."""

    world: World
    limits: Limits
    methods: Mapping[str, Method] = field(default_factory=dict)

    async def enter(self, request: Request) -> Response:
        """Answer one call; a refusal is an answer too, with status 200, but 429 when calls are too many."""
        name = request.path_params["method"]
        ledger = self.world.ledger
        ledger.in_flight += 1
        args, begun = Args({}), time.perf_counter()
        status, headers = 200, {"x-oauth-scopes": ",".join(self.world.app.scopes)}
        try:
            args = await read_args(request)
            answer = {"ok": True, **self._served(name, args, request)}
            await self.world.keep.written()
        except Refused as refused:
            answer, status, headers = refused.answer(), refused.status, {**headers, **refused.headers}
        finally:
            ledger.in_flight -= 1
        answer = with_warning(answer, args)
        shown = {key: value for key, value in args.given.items() if key != "token"}
        ledger.called(name, shown, answer, ms=(time.perf_counter() - begun) * 1_000)
        return Response(orjson.dumps(answer), status, headers, "application/json; charset=utf-8")

    def _served(self, name: str, args: Args, request: Request) -> dict[str, Any]:
        method = self.methods.get(name)
        if method is None:
            raise Refused("unknown_method", req_method=name)
        if method.token:
            _check_token(method, args, request.headers.get("authorization", ""))
        self.limits.take(name, args.text("channel"))
        call = Call(name, args, self.world.app.scopes, request.headers.get("host", ""))
        call.needs(*method.scopes)
        return method.run(call)


def _check_token(method: Method, args: Args, header: str) -> None:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        token = ""
    if not token and not method.header_only:
        token = args.text("token")
    token = token.strip()
    if not token:
        raise Refused("not_authed")
    if token not in {BOT_TOKEN, APP_TOKEN}:
        raise Refused("invalid_auth")
    if token != method.token:
        raise Refused("not_allowed_token_type")
