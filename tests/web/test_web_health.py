"""Who asks whether this process is ready is told the reason only on this machine: it may name a server."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette

from bot.web.health import Health
from bot.web.server import bind, serving

REASON = "The database on db.example:5432 does not answer."


async def broken() -> str:
    return REASON


@pytest.mark.parametrize(("source", "times"), [("127.0.0.1", 1), ("127.0.0.2", 0)])
async def test_a_reason_is_told_on_this_machine_only(source: str, times: int) -> None:
    wire = httpx.AsyncHTTPTransport(local_address=source)
    with bind(0) as listening:
        app = Starlette(routes=Health({"database": broken}).routes())
        async with serving(app, listening) as url, httpx.AsyncClient(base_url=url, transport=wire) as http:
            answer = await http.get("/readyz")

    assert answer.status_code == 503
    assert list(answer.json()["reasons"]) == ["database"]
    assert answer.text.count(REASON) == times
