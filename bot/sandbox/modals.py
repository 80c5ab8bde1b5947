"""The views a person has open: a stack of at most three modals, and one Home."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from bot.sandbox.controls import Values, state, still_held, typed
from bot.sandbox.errors import Refused
from bot.sandbox.keep import Keep
from bot.sandbox.links import links
from bot.sandbox.workspace import APP_ID, BOT_ID, TEAM_ID

#: Modals on top of each other, the root included. Source: Slack docs, "views.push", read 2026-11-21.
STACK_LIMIT: Final = 3


@dataclass(slots=True, eq=False)
class View:
    """One modal or Home as the app defined it, and what the person has done in it."""

    user: str
    definition: dict[str, Any]
    window: str = ""
    """The browser window that shows it, as in Slack no other does; empty: all of this person's."""
    id: str = field(default_factory=lambda: "V0" + secrets.token_hex(5).upper())
    root_id: str = ""
    previous_id: str = ""
    hash: str = ""
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    busy: bool = False
    failure: str = ""

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Return the blocks of the view."""
        blocks: list[dict[str, Any]] = self.definition["blocks"]
        return blocks

    def redefine(self, definition: dict[str, Any], now: float) -> None:
        """Show something else; input stays where block_id and action_id stay and the control can still hold it."""
        self.definition = definition
        self.values = still_held(self.blocks, self.values)
        self.errors, self.failure = {}, ""
        self.hash = f"{int(now)}.{secrets.token_hex(4)}"

    def take(self, given: Mapping[str, Any]) -> None:
        """Take what the person has put in.

        Raises:
            NotPossible: there is no such control or option.
        """
        self.values |= typed(self.blocks, given)

    def to_slack(self) -> dict[str, Any]:
        """Return the view object of payloads and answers."""
        given = self.definition
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "type": given["type"],
            "blocks": self.blocks,
            "private_metadata": given.get("private_metadata", ""),
            "callback_id": given.get("callback_id", ""),
            "state": state(self.blocks, self.values),
            "hash": self.hash,
            "title": given.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": bool(given.get("notify_on_close")),
            "close": given.get("close"),
            "submit": given.get("submit"),
            "previous_view_id": self.previous_id or None,
            "root_view_id": self.root_id or self.id,
            "app_id": APP_ID,
            "external_id": given.get("external_id", ""),
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }

    def to_page(self) -> dict[str, Any]:
        """Return the view as the page and /sim/state show it."""
        given = self.definition
        return {
            "id": self.id,
            "type": given["type"],
            "title": _words(given.get("title")),
            "blocks": self.blocks,
            "submit": _words(given.get("submit")),
            "close": _words(given.get("close")),
            "callback_id": given.get("callback_id", ""),
            "private_metadata": given.get("private_metadata", ""),
            "state": state(self.blocks, self.values),
            "links": links(given),
            "errors": self.errors,
            "busy": self.busy,
            "failure": self.failure,
        }


def _words(text: dict[str, Any] | None) -> str:
    return str(text["text"]) if text else ""


class Views:
    """Everybody's open modals and Homes; Homes are kept on disk."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        for user, body in keep.read("home"):
            row = orjson.loads(body)
            self.homes[user] = View(user, row["definition"], id=row["id"], hash=row["hash"])

    def stack(self, user: str) -> list[View]:
        """Return this person's modals, the topmost last."""
        return self.stacks.setdefault(user, [])

    def shown(self, user: str, window: str) -> list[View]:
        """Return the modals that one browser window of this person shows."""
        return [view for view in self.stack(user) if view.window in {"", window}]

    def top(self, user: str) -> View | None:
        """Return the modal on top, or None."""
        stack = self.stack(user)
        return stack[-1] if stack else None

    def put_on(self, view: View) -> None:
        """Lay a modal on this person's stack."""
        stack = self.stack(view.user)
        view.root_id = stack[0].id if stack else view.id
        view.previous_id = stack[-1].id if stack else ""
        stack.append(view)

    def take_off(self, view: View) -> None:
        """Close a modal; closed already is closed."""
        stack = self.stack(view.user)
        if view in stack:
            stack.remove(view)

    def get(self, view_id: str) -> View | None:
        """Return an open modal or a Home by id."""
        return next((view for view in self._all() if view.id == view_id), None)

    def by_external(self, external_id: str) -> View | None:
        """Return an open modal or a Home by the app's own id."""
        return next((view for view in self._all() if view.definition.get("external_id") == external_id), None)

    def refuse_taken(self, definition: Mapping[str, Any], *, but: View) -> None:
        """Refuse the app's own id when another view has it.

        Raises:
            Refused: ``duplicate_external_id``.
        """
        external_id = definition.get("external_id")
        if external_id and self.by_external(external_id) not in {None, but}:
            raise Refused("duplicate_external_id")

    def set_home(self, view: View) -> None:
        """Show a Home and have it kept."""
        self.homes[view.user] = view
        row = {"definition": view.definition, "id": view.id, "hash": view.hash}
        self._keep.put("home", view.user, orjson.dumps(row))

    def _all(self) -> list[View]:
        return [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())
