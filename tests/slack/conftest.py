"""How stored drawings are rewritten: ``pytest tests/slack --update-cards``, then read the difference."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DRAWINGS = Path(__file__).parent / "cards"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-cards", action="store_true", help="rewrite the stored drawings of tests/slack/cards")


@pytest.fixture
def stored(request: pytest.FixtureRequest) -> Callable[[str, Any], Any]:
    """Return the stored drawing of a name; with ``--update-cards`` what is given becomes it first."""

    def drawing(name: str, fresh: Any) -> Any:
        file = DRAWINGS / f"{name}.json"
        if request.config.getoption("--update-cards"):
            file.write_text(json.dumps(fresh, indent=1, ensure_ascii=False) + "\n")
        return json.loads(file.read_text())

    return drawing
