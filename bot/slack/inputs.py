"""What somebody filled into a modal, by the name of its block."""

from __future__ import annotations

from typing import Any

from bot.slack.text import from_slack


def value(view: dict[str, Any], block_id: str) -> dict[str, Any]:
    """Return one input as Slack brings it; our inputs bear the name of their block."""
    found: dict[str, Any] = _values(view).get(standing(view, block_id), {}).get(block_id) or {}
    return found


def standing(view: dict[str, Any], block_id: str) -> str:
    """Return under which id a block stands: its name, or its name and a number since it was filled anew."""
    return next((one for one in _values(view) if one.partition("-")[0] == block_id), block_id)


def _values(view: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (view.get("state") or {}).get("values") or {}
    return found


def typed(view: dict[str, Any], block_id: str) -> str:
    """Return what was typed."""
    return str(value(view, block_id).get("value") or "")


def words(view: dict[str, Any], block_id: str) -> str:
    """Return what was typed as the public should read it."""
    return from_slack(typed(view, block_id))


def chosen(view: dict[str, Any], block_id: str) -> str:
    """Return which of several was chosen; empty for none."""
    return str((value(view, block_id).get("selected_option") or {}).get("value") or "")


def ticked(view: dict[str, Any], block_id: str) -> list[str]:
    """Return the boxes that are ticked."""
    return [str(one["value"]) for one in value(view, block_id).get("selected_options") or []]
