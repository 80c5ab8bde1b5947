"""What people do in the client: type, press, submit, close, react, open the Home.

Every verb checks that a person could do it in Slack, sends the payload, and waits for the app's ack where Slack's
client waits. Raises :class:`NotPossible` when Slack's client would not have let them.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.sandbox import payloads
from bot.sandbox.controls import Control, find, pressed, state
from bot.sandbox.envelopes import Ack
from bot.sandbox.errors import NotPossible, Refused
from bot.sandbox.events import Events
from bot.sandbox.grants import ResponseUrl
from bot.sandbox.messages import Message
from bot.sandbox.modals import View
from bot.sandbox.reactions import turn
from bot.sandbox.responses import respond
from bot.sandbox.text import CONTROL, EMOJI, typed_command, typed_message
from bot.sandbox.workspace import BOT_USER, Channel, User
from bot.sandbox.world import World

#: The message event of each sort of channel.
_MESSAGE_EVENT: Final = {"public": "message.channels", "private": "message.groups", "app": "message.im"}
_CHANNEL_TYPE: Final = {"public": "channel", "private": "group", "app": "im"}

#: The one command of Slack's own that works here, besides those of the app.
INVITE: Final = "/invite"

Json = dict[str, Any]


def _window(body: Mapping[str, Any]) -> str:
    """Return the browser window that acts; only the page names one."""
    return str(body.get("window") or "")


class Interactions:
    """The people's side of the sandbox, outside of modals (see submissions.py for those)."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events

    async def command(self, body: Mapping[str, Any]) -> Json:
        """Type a slash command: ``{user, channel, command, text}``; with ``thread_ts`` Slack refuses it."""
        world = self._world
        user, channel = self.person(body), self.place(body)
        name = str(body.get("command") or "")
        if body.get("thread_ts"):
            world.notice(user.id, f"{name} is not supported in threads. Sorry!")
            raise NotPossible("not_supported_in_threads", command=name)
        if name == INVITE:
            return self._invite(user, channel, str(body.get("text") or ""))
        known = world.app.commands.get(name)
        if known is None:
            world.notice(user.id, f"{name} is not a valid command.")
            raise NotPossible("unknown_command", command=name)
        text = typed_command(str(body.get("text") or ""), world.names, should_escape=known.should_escape)
        payload = payloads.command(user, channel, name=name, text=text, grants=self._grants(user, body, channel))
        ack, failure = await self.deliver("slash_commands", payload)
        if ack is None:
            raise self._failed(user, name, failure)
        self._show(ack.payload, ResponseUrl(user.id, channel.id, 0.0))
        return {"ok": True, "ack_ms": ack.ms, "response": ack.payload}

    async def shortcut(self, body: Mapping[str, Any]) -> Json:
        """Use a shortcut: ``{user, callback_id}``, or one of a message ``{user, callback_id, channel, message_ts}``.

        Works on everybody's messages that the person sees, except those that only one person sees.
        """
        world, user = self._world, self.person(body)
        sort = ("message" if body.get("message_ts") else "global", body.get("callback_id"))
        known = next((one for one in world.app.shortcuts if (one.type, one.callback_id) == sort), None)
        if known is None:
            raise NotPossible("unknown_shortcut")
        if not world.app.interactivity:
            raise NotPossible("interactivity_disabled")
        channel, about = None, None
        if known.type == "message":
            channel = self.place(body)
            about = channel, self.shown(user, channel, str(body["message_ts"]))
            if about[1].for_user:
                raise NotPossible("no shortcuts here")
        grants = self._grants(user, body, channel)
        payload = payloads.shortcut(user, known.callback_id, about=about, ts=self._now(), grants=grants)
        ack, failure = await self.deliver("interactive", payload)
        if ack is None:
            raise self._failed(user, known.name, failure)
        return {"ok": True, "ack_ms": ack.ms}

    def _failed(self, user: User, name: str, failure: str) -> NotPossible:
        """Tell the person what did not work, in the words of Slack's client."""
        self._world.notice(user.id, f'{name} failed with the error "{failure}"')
        return NotPossible(failure)

    async def action(self, body: Mapping[str, Any]) -> Json:
        """Use a control: ``{user, channel, message_ts, action_id, block_id?, value | selected}``.

        In a modal or Home ``view_id`` takes the place of channel and message_ts; ``values`` may bring the inputs.
        """
        user = self.person(body)
        build = self._message_action if body.get("message_ts") else self._view_action
        payload = build(user, body)
        if not self._world.app.interactivity:
            raise NotPossible("interactivity_disabled")
        ack, failure = await self.deliver("interactive", payload)
        if ack is None:
            raise NotPossible(failure)
        return {"ok": True, "ack_ms": ack.ms}

    def message(self, body: Mapping[str, Any]) -> Json:
        """Write a message: ``{user, channel, text, thread_ts?}``; a mention of the bot becomes app_mention."""
        world = self._world
        user, channel = self.person(body), self.place(body)
        text = typed_message(str(body.get("text") or ""), world.names)
        if not text.strip():
            raise NotPossible("no_text")
        if channel.kind == "app" and (world.app.messages_read_only or not world.app.messages_tab):
            raise NotPossible("messages_tab_disabled")
        if body.get("thread_ts"):
            parent = self.shown(user, channel, str(body["thread_ts"]))
            body = {**body, "thread_ts": parent.thread_ts or parent.ts}
        message = world.post(channel, user, {"text": text, "thread_ts": body.get("thread_ts")})
        if channel.kind != "app" and f"<@{BOT_USER}" in text:
            self._events.tell("app_mention", payloads.written("app_mention", message, user), channel)
            if BOT_USER not in channel.members:
                bot = world.users[BOT_USER]
                hint = f"Invite it with {INVITE} @{bot.name}"
                world.notice(user.id, f"@{bot.real_name} is not in this channel and did not hear you. {hint}")
        inner = payloads.written("message", message, user) | {"channel_type": _CHANNEL_TYPE[channel.kind]}
        self._events.tell(_MESSAGE_EVENT[channel.kind], inner, channel)
        return {"ok": True, "ts": message.ts}

    def _invite(self, user: User, channel: Channel, text: str) -> Json:
        """Bring whoever is named into the channel, as Slack's own command does."""
        world = self._world
        named = [match.group("user") for match in CONTROL.finditer(typed_message(text, world.names))]
        guests = [world.users[one] for one in named if one in world.users]
        if not guests or channel.kind == "app":
            world.notice(user.id, f"{INVITE} needs a channel and a name: {INVITE} @{world.users[BOT_USER].name}")
            raise NotPossible("invite_needs_a_channel_and_a_name")
        fresh = [one for one in guests if one.id not in channel.members]
        world.join(channel, *(one.id for one in fresh))
        said = "now" if fresh else "already"
        who = ", ".join(one.real_name for one in fresh or guests)
        world.notice(user.id, f"In #{channel.name} {said}: {who}.", kind="info")
        return {"ok": True}

    def reaction(self, body: Mapping[str, Any]) -> Json:
        """Add a reaction, or take it back when it is there: ``{user, channel, message_ts, name}``."""
        world = self._world
        user, channel = self.person(body), self.place(body)
        message = self.shown(user, channel, str(body.get("message_ts") or ""))
        name = str(body.get("name") or "").strip(":")
        name = EMOJI.get(name, name)
        if not name or message.for_user:
            raise NotPossible("no such reaction")
        added = turn(world, self._events, message, user=user.id, name=name)
        return {"ok": True, "added": added}

    def home(self, body: Mapping[str, Any]) -> Json:
        """Open the app's Home tab: ``{user}``."""
        world = self._world
        user = self.person(body)
        if not world.app.home_tab:
            raise NotPossible("not_enabled")
        channel = world.direct(user.id)
        home = world.views.homes.get(user.id)
        inner = payloads.home_opened(user.id, channel, home, ts=world.ts(channel.id))
        self._events.tell("app_home_opened", inner)
        return {"ok": True, "view_id": home.id if home else None}

    def read(self, body: Mapping[str, Any]) -> Json:
        """Mark a channel as read: ``{user, channel}``."""
        self.place(body)
        self._world.bell.ring()
        return {"ok": True}

    def person(self, body: Mapping[str, Any]) -> User:
        """Return who acts; bots and strangers to the workspace cannot."""
        user = self._world.users.get(str(body.get("user") or ""))
        if user is None or user.is_bot:
            raise NotPossible("no such user")
        return user

    def place(self, body: Mapping[str, Any]) -> Channel:
        """Return the channel in which the person acts, and count it as read."""
        channel = self._world.channels.get(str(body.get("channel") or ""))
        if channel is None:
            raise NotPossible("no such channel")
        if body.get("user") not in channel.members:
            raise NotPossible("not_in_channel")
        if channel.is_archived:
            raise NotPossible("is_archived")
        self._world.unread.clear(str(body["user"]), channel.id)
        return channel

    def shown(self, user: User, channel: Channel, ts: str) -> Message:
        """Return a message that this person sees."""
        message = self._world.messages.get(channel.id, ts)
        if message is None or message.for_user not in {"", user.id} or message.is_deleted:
            raise NotPossible("no such message")
        return message

    async def deliver(self, kind: str, payload: Json) -> tuple[Ack | None, str]:
        """Send a payload; without an ack the second part says how Slack's client calls that.

        Only the acks of commands and submissions may say something; Slack drops what others carry.
        """
        envelope = self._world.delivery.send(kind, payload)
        if envelope is None:
            return None, "dispatch_failed"
        ack = await self._world.delivery.ack_of(envelope)
        if ack is not None and ack.payload and payload.get("type", "view_submission") != "view_submission":
            self._world.ledger.wrong("ignored_payload", self._world.clock.now(), type=payload["type"])
        return ack, "operation_timeout" if envelope.failure in {"timeout", "http_timeout"} else "dispatch_failed"

    def _message_action(self, user: User, body: Mapping[str, Any]) -> Json:
        world = self._world
        channel = self.place(body)
        message = self.shown(user, channel, str(body["message_ts"]))
        blocks = world.messages.shown_lately(message)
        control = self._meant(blocks, body)
        chosen = body.get("selected", body.get("value"))
        action = pressed(control, value=body.get("value"), selected=body.get("selected"), ts=self._now())
        grants = self._grants(user, body, channel, message_ts=message.ts)
        values = {control.key: chosen} if control.kind else {}
        return payloads.message_action(
            user, channel, message, state=state(message.controls(), values), action=action, grants=grants
        )

    def _view_action(self, user: User, body: Mapping[str, Any]) -> Json:
        view = self._view(user, str(body.get("view_id") or ""))
        view.take(body.get("values") or {})
        control = self._meant(view.blocks, body)
        action = pressed(control, value=body.get("value"), selected=body.get("selected"), ts=self._now())
        if control.kind is not None:
            view.values[control.key] = body.get("selected", body.get("value"))
        inside = "" if view.definition["type"] == "home" else view.id
        trigger_id = self._world.grants.trigger(user.id, view_id=inside, window=_window(body) or view.window)
        return payloads.view_action(user, view, action=action, trigger_id=trigger_id)

    @staticmethod
    def _meant(blocks: list[Json], body: Mapping[str, Any]) -> Control:
        return find(blocks, str(body.get("action_id") or ""), str(body.get("block_id") or ""), body.get("value"))

    def _view(self, user: User, view_id: str) -> View:
        views = self._world.views
        view = views.get(view_id) if view_id else views.top(user.id) or views.homes.get(user.id)
        if view is None or view.user != user.id:
            raise NotPossible("no such view")
        return view

    def _show(self, payload: Json, url: ResponseUrl) -> None:
        """Show the answer that an ack carried; a bad one is the app's mistake."""
        try:
            if any(key in payload for key in ("text", "blocks", "attachments")):
                respond(self._world, url, payload)
        except Refused as refused:
            self._world.ledger.wrong("bad_ack_payload", self._world.clock.now(), **refused.answer())

    def _grants(self, user: User, body: Mapping[str, Any], channel: Channel | None, *, message_ts: str = "") -> Json:
        """Hand out a trigger and, where there is a channel, a response URL."""
        grants = self._world.grants
        granted = {"trigger_id": grants.trigger(user.id, window=_window(body))}
        if channel is not None:
            url_id = grants.response_url(user.id, channel.id, message_ts=message_ts)
            granted["response_url"] = f"{self._world.sockets.base_url}/respond/{url_id}"
        return granted

    def _now(self) -> str:
        return f"{self._world.clock.now():.6f}"
