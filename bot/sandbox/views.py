"""The methods views.*: open, push and update modals, publish the Home."""

from typing import Any

from bot.sandbox.api import Call, Method
from bot.sandbox.blocks import filled_view, refuse_bad_view
from bot.sandbox.errors import Refused
from bot.sandbox.modals import STACK_LIMIT, View
from bot.sandbox.world import World


class ViewMethods:
    """Modals and Home, as the app shows them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Method]:
        """Return the methods of this room by name."""
        return {
            "views.open": Method(self.open),
            "views.push": Method(self.push),
            "views.update": Method(self.update),
            "views.publish": Method(self.publish),
        }

    def open(self, call: Call) -> dict[str, Any]:
        """Open a modal for whoever made the interaction; it takes the place of what was open.

        The trigger is spent even when the view is refused: what real Slack does then is not documented, so
        nothing may rely on a second try.
        """
        given = self._given(call)
        trigger = self._world.grants.exchange(call.args.need("trigger_id", "invalid_trigger_id"))
        view = View(trigger.user, {}, trigger.window)
        show(self._world, view, given, surface="modal")
        self._world.views.stack(trigger.user).clear()
        self._world.views.put_on(view)
        return {"view": view.to_slack()}

    def push(self, call: Call) -> dict[str, Any]:
        """Lay a modal on the one in which the interaction took place."""
        given = self._given(call)
        trigger = self._world.grants.exchange(call.args.need("trigger_id", "invalid_trigger_id"))
        stack = self._world.views.stack(trigger.user)
        if not stack or trigger.view_id not in {view.id for view in stack}:
            raise Refused("not_found")
        if len(stack) >= STACK_LIMIT:
            raise Refused("push_limit_reached")
        view = View(trigger.user, {}, trigger.window)
        show(self._world, view, given, surface="modal")
        self._world.views.put_on(view)
        return {"view": view.to_slack()}

    def update(self, call: Call) -> dict[str, Any]:
        """Show something else in an open view; with ``hash`` only if nobody else did meanwhile."""
        given = self._given(call)
        view = self._wanted(call)
        self._check_hash(call, view)
        show(self._world, view, given, surface=view.definition["type"])
        if view.definition["type"] == "home":
            self._world.views.set_home(view)
        return {"view": view.to_slack()}

    def publish(self, call: Call) -> dict[str, Any]:
        """Show a person's Home."""
        given = self._given(call)
        user = self._world.users.get(call.args.need("user_id"))
        if user is None or user.is_bot:
            raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] invalid `user_id`"]})
        if not self._world.app.home_tab:
            raise Refused("not_enabled")
        view = self._world.views.homes.get(user.id) or View(user.id, {})
        if view.definition:
            self._check_hash(call, view)
        show(self._world, view, given, surface="home")
        self._world.views.set_home(view)
        return {"view": view.to_slack()}

    @staticmethod
    def _given(call: Call) -> Any:
        given = call.args.json("view", "invalid_arguments")
        if not given:
            call.args.need("view")
        return given

    def _wanted(self, call: Call) -> View:
        view_id, external_id = call.args.text("view_id"), call.args.text("external_id")
        if bool(view_id) == bool(external_id):
            raise Refused("invalid_arguments")
        views = self._world.views
        view = views.get(view_id) if view_id else views.by_external(external_id)
        if view is None:
            raise Refused("not_found")
        return view

    @staticmethod
    def _check_hash(call: Call, view: View) -> None:
        if (expected := call.args.text("hash")) and expected != view.hash:
            raise Refused("hash_conflict")


def show(world: World, view: View, given: Any, *, surface: str) -> None:
    """Have a view show what the app has given.

    Raises:
        Refused: Slack would not take it, or its external_id belongs to another view.
    """
    refuse_bad_view(given, surface=surface, app=world.app.name)
    world.views.refuse_taken(given, but=view)
    view.redefine(filled_view(given), world.clock.now())
    world.bell.ring()
