"""Modals from the person's side: submit and close, and what the app's ack makes of them."""

from collections.abc import Mapping
from typing import Any, Final

from bot.sandbox import payloads
from bot.sandbox.controls import complaints
from bot.sandbox.errors import NotPossible, Refused
from bot.sandbox.interactions import Interactions
from bot.sandbox.modals import STACK_LIMIT, View
from bot.sandbox.views import show
from bot.sandbox.workspace import User
from bot.sandbox.world import World

#: What Slack's client says above a modal whose app did not answer well.
TROUBLE: Final = "We had some trouble connecting. Try again?"

Json = dict[str, Any]


class Submissions:
    """Submit and close, on top of the general interactions."""

    def __init__(self, world: World, interactions: Interactions) -> None:
        self._world = world
        self._interactions = interactions

    async def submit(self, body: Mapping[str, Any]) -> Json:
        """Submit the modal on top: ``{user, view_id, values}``; values by block_id or action_id."""
        user = self._interactions.person(body)
        view = self._modal(user, body)
        if not view.definition.get("submit"):
            raise NotPossible("this view has no submit button")
        view.take(body.get("values") or {})
        view.errors = complaints(view.blocks, view.values)
        self._world.bell.ring()
        if view.errors:
            return {"ok": False, "errors": view.errors}
        return await self._sent(user, view)

    async def close(self, body: Mapping[str, Any]) -> Json:
        """Dismiss the modal on top, or with ``all`` the whole stack: ``{user, view_id?, all?}``."""
        user = self._interactions.person(body)
        view = self._modal(user, body)
        cleared = bool(body.get("all") or view.definition.get("clear_on_close"))
        gone = self._world.views.stack(user.id)[::-1] if cleared else [view]
        for one in gone:
            self._world.views.take_off(one)
        self._world.bell.ring()
        answer: Json = {"ok": True}
        for one in gone:
            if one.definition.get("notify_on_close"):
                answer |= await self._tell_closed(user, one, is_cleared=cleared)
        return answer

    async def _tell_closed(self, user: User, view: View, *, is_cleared: bool) -> Json:
        payload = payloads.view_closed(user, view, is_cleared=is_cleared)
        ack, failure = await self._interactions.deliver("interactive", payload)
        return {"ack_ms": ack.ms} if ack is not None else {"ok": False, "error": failure}

    def _modal(self, user: User, body: Mapping[str, Any]) -> View:
        top = self._world.views.top(user.id)
        if top is None or body.get("view_id", top.id) != top.id:
            raise NotPossible("no such view on top")
        if top.busy:
            raise NotPossible("the view is being submitted")
        return top

    async def _sent(self, user: User, view: View) -> Json:
        view.busy, view.failure = True, ""
        trigger_id = self._world.grants.trigger(user.id, view_id=view.id, window=view.window)
        payload = payloads.view_submission(user, view, trigger_id=trigger_id)
        ack, failure = await self._interactions.deliver("interactive", payload)
        view.busy = False
        self._world.bell.ring()
        if ack is None:
            view.failure = TROUBLE
            raise NotPossible(failure)
        try:
            extra = self._follow(user, view, ack.payload)
        except Refused as refused:
            view.failure = TROUBLE
            self._world.ledger.wrong("bad_response_action", self._world.clock.now(), **refused.answer())
            raise NotPossible("bad_response_action", **refused.extra) from refused
        return {"ok": True, "ack_ms": ack.ms, **extra}

    def _follow(self, user: User, view: View, payload: Json) -> Json:
        """Do what the ack of a submission says; an empty one closes the view."""
        stack = self._world.views.stack(user.id)
        action = payload.get("response_action")
        match action:
            case _ if view not in stack:  # another window took its place meanwhile: there is nothing to follow
                return {}
            case None if not payload:
                stack.remove(view)
                return {}
            case "clear":
                stack.clear()
            case "errors":
                return self._mark(view, payload.get("errors"))
            case "update":
                show(self._world, view, payload.get("view"), surface="modal")
            case "push":
                self._push(view, payload)
            case _:
                raise Refused("invalid_response_action")
        return {"response_action": action}

    def _mark(self, view: View, errors: Any) -> Json:
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise Refused("invalid_errors", blocks=sorted(inputs))
        if not all(isinstance(text, str) and text for text in errors.values()):
            raise Refused("invalid_errors", blocks=sorted(errors))
        view.errors = dict(errors)
        return {"response_action": "errors", "errors": view.errors}

    def _push(self, below: View, payload: Json) -> None:
        if len(self._world.views.stack(below.user)) >= STACK_LIMIT:
            raise Refused("push_limit_reached")
        view = View(below.user, {}, below.window)
        show(self._world, view, payload.get("view"), surface="modal")
        self._world.views.put_on(view)
