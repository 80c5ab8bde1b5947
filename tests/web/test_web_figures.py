"""Figures for whoever watches the engine: of this process and of the database, for those who may ask."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest
from prometheus_client import REGISTRY
from starlette.applications import Starlette

from bot.domain.health import FeedHealth, Gauges, Pulse
from bot.errors import Unusable
from bot.web.figures import Figures
from bot.web.server import bind, serving
from tests.house.tree import ROOT

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Engine:
    """Stands as it is told to."""

    def __init__(self) -> None:
        self.broken = False
        self.pending = {"card.redraw": 3}

    async def read(self) -> Gauges:
        if self.broken:
            raise Unusable("The database server does not answer.")
        return Gauges(
            pending=self.pending,
            oldest_s=dict.fromkeys(self.pending, 61.0),
            dead=1,
            unknown={"town": 2},
            unclaimed=5,
            writes_left={"town:harbourline": 40},
            feeds=(FeedHealth(feed="town", pulse=Pulse.FAILING, since=NOW, last_read_at=NOW - timedelta(hours=1)),),
            first_reply_s=240.0,
            first_claim_s=None,
        )


@pytest.fixture
def engine() -> Engine:
    return Engine()


async def asked(engine: Engine, *, token: str = "", **headers: str) -> httpx.Response:
    with bind(0) as listening:
        app = Starlette(routes=[Figures(engine.read, token=token).route()])
        async with serving(app, listening) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
            return await http.get("/metrics", headers=headers)


async def test_what_waits_in_the_database_is_told(engine: Engine) -> None:
    said = (await asked(engine)).text

    assert 'goshawk_outbox_pending{kind="card.redraw"} 3.0' in said
    assert 'goshawk_outbox_oldest_age_seconds{kind="card.redraw"} 61.0' in said
    assert 'goshawk_outbox_unknown{feed="town"} 2.0' in said
    assert 'goshawk_feed_up{feed="town"} 0.0' in said
    assert "goshawk_dead_letters 1.0" in said and "goshawk_cases_unclaimed 5.0" in said
    assert "goshawk_first_reply_seconds 240.0" in said
    assert 'goshawk_platform_writes_remaining{account="town:harbourline"} 40.0' in said


async def test_what_waits_no_more_is_not_told(engine: Engine) -> None:
    await asked(engine)
    engine.pending = {}

    assert 'kind="card.redraw"} 3.0' not in (await asked(engine)).text


async def test_without_the_database_the_process_still_tells_its_own(engine: Engine) -> None:
    engine.broken = True

    answer = await asked(engine)

    assert answer.status_code == 200 and "goshawk_build_info" in answer.text


@pytest.mark.parametrize(
    ("brought", "status"), [("Bearer the-token", 200), ("Bearer another", 401), ("the-token", 401), ("", 401)]
)
async def test_with_a_token_only_who_brings_it_may_ask(engine: Engine, brought: str, status: int) -> None:
    answer = await asked(engine, token="the-token", Authorization=brought)

    assert answer.status_code == status and ("goshawk_" in answer.text) is (status == 200)
    assert ("from this machine" in answer.text) is False, "also this machine has to bring it"


def test_the_dashboard_draws_figures_that_exist() -> None:
    board = orjson.loads((ROOT / "docs" / "grafana.json").read_bytes())
    asked_for = {name for panel in board["panels"] for one in panel["targets"] for name in names_in(one["expr"])}
    told = {sample.name for metric in REGISTRY.collect() for sample in metric.samples}
    told |= {f"{metric.name}_{end}" for metric in REGISTRY.collect() for end in ("total", "bucket", "sum", "count")}
    told |= {metric.name for metric in REGISTRY.collect()}

    assert asked_for <= told


def test_the_dashboard_draws_every_figure() -> None:
    named = names_in((ROOT / "bot" / "metrics.py").read_text())
    drawn = names_in((ROOT / "docs" / "grafana.json").read_text())

    assert len(named) > 25
    assert {name for name in named if not any(one.startswith(name) for one in drawn)} == set()


def names_in(expression: str) -> set[str]:
    return set(re.findall(r"goshawk_[a-z_]+", expression))
