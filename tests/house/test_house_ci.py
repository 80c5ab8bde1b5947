"""What CI runs, it runs whole: nothing is passed over because a server is missing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from bot.settings import only
from tests.conftest import SERVER
from tests.house.tree import ROOT
from tests.stories.crew import free_port

ASKS = """
import os
from tests.house.test_house_ci import answered
url = os.environ["GOSHAWK_TEST_DATABASE_URL"]
print(url, answered(url))
"""


def test_in_ci_there_is_a_postgresql_server():
    assert SERVER or os.environ.get("CI") != "true", "tests on PostgreSQL would be skipped: begin by .ci/run"


def answered(url: str) -> int:
    engine = create_engine(only(database_url=url).store_url)
    with engine.connect() as connection:
        found = int(connection.execute(text("SELECT 7")).scalar_one())
    engine.dispose()
    return found


def begun(port: int, program: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CI_POSTGRES_PORT": str(port)}
    command = [str(ROOT / ".ci" / "postgres"), sys.executable, "-c", program]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own


@pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")
def test_where_no_server_answers_ci_runs_one_of_its_own_as_long_as_it_needs_it():
    done = begun(free_port(), ASKS)

    url, seven = done.stdout.split()
    assert (done.returncode, seven) == (0, "7"), done.stderr
    assert int(url.rpartition(":")[2].partition("/")[0]) < 32_768
    with pytest.raises(OperationalError):
        answered(url)


@pytest.mark.skipif(not SERVER, reason="GOSHAWK_TEST_DATABASE_URL names no PostgreSQL server")
def test_ci_ends_as_what_it_ran_ends():
    assert begun(free_port(), "raise SystemExit(3)").returncode == 3
