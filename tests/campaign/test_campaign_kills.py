"""F1, F3: fifty deaths at random moments, in bad weather, and all ledgers agree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.campaign.kills import Load, campaign
from tests.campaign.test_campaign_crash_points import STORES

SEED = int(os.environ.get("CAMPAIGN_SEED", "5"))


@pytest.mark.parametrize("store", STORES)
async def test_fifty_deaths_lose_nothing_and_double_nothing(tmp_path: Path, store: str):
    outcome = await campaign(tmp_path, Load(), store=store, seed=SEED)

    assert outcome.breaches == [], outcome
    assert outcome.kills >= 50 and outcome.mentions == 500 and outcome.replies >= 100
