"""What the inspector of the page shows: how the app and the sandbox talk, newer than what the reader has seen.

``GET /page/inspector?since=SEQ`` answers ``{seq, calls, deliveries, errors, connections, counts}``: entries of the
ledger whose ``seq`` is above SEQ, of each kind the newest 200 at most. Tokens and one-time tickets are never shown.
"""

import re
from collections import deque
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.sim import answer
from bot.sandbox.world import World

#: Entries of each kind in one answer.
SHOWN: Final = 200

#: What nobody may read over somebody's shoulder: tokens, wherever they stand, and the ticket of a connection.
_SECRET: Final = re.compile(rb'(xox[a-z]-|xapp-|ticket=|"token":")[^"&\\\s]+')


@dataclass(slots=True)
class Inspector:
    """The one route of the inspector."""

    world: World

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/page/inspector", self._look, methods=["GET"])]

    async def _look(self, request: Request) -> Response:
        since = request.query_params.get("since", "0")
        if not (since.isdecimal() and len(since) < 19):
            return answer({"ok": False, "error": "since must be a whole number"}, 400)
        shown = orjson.dumps(self._newer(int(since)))
        return Response(_SECRET.sub(rb"\1...", shown), media_type="application/json")

    def _newer(self, since: int) -> dict[str, Any]:
        ledger, sockets = self.world.ledger, self.world.sockets
        kinds = {
            "calls": _tail(ledger.calls, since),
            # An ack that comes late changes an entry further back, so all of these are looked at.
            "deliveries": [one for one in ledger.deliveries if one["seq"] > since][-SHOWN:],
            "errors": _tail(ledger.protocol_errors, since),
        }
        newest = max((one["seq"] for entries in kinds.values() for one in entries), default=since)
        unacked = [{"id": one.id, "unacked": sockets.unacked(one)} for one in sockets.connections]
        if self.world.delivery.http:
            unacked = [{"id": 0, "unacked": self.world.delivery.waiting}]
        counts = {"calls": ledger.call_count, "errors": len(ledger.protocol_errors)}
        return {"ok": True, "seq": newest, **kinds, "connections": unacked, "counts": counts}


def _tail(entries: deque[dict[str, Any]], since: int) -> list[dict[str, Any]]:
    """Return the newest entries above ``since``, oldest first; these never change once they are written."""
    newer = list(takewhile(lambda one: one["seq"] > since, reversed(entries)))
    return newer[:SHOWN][::-1]
