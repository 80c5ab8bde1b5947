"""The methods about who is who: api.test, auth.test, apps.connections.open, users.*, usergroups.*."""

from typing import Any

from bot.sandbox.api import APP_TOKEN, Call, Method
from bot.sandbox.errors import Refused
from bot.sandbox.places import PAGE_LIMIT, page
from bot.sandbox.workspace import BOT_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, TEAM_NAME
from bot.sandbox.world import World


class People:
    """Who is who, as the app asks."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Method]:
        """Return the methods of this room by name."""
        users, groups = ("users:read",), ("usergroups:read",)
        return {
            "api.test": Method(self.api_test, token=""),
            "auth.test": Method(self.auth_test),
            "apps.connections.open": Method(self.connections_open, token=APP_TOKEN, header_only=True),
            "users.info": Method(self.users_info, users),
            "users.list": Method(self.users_list, users),
            "usergroups.list": Method(self.usergroups_list, groups),
            "usergroups.users.list": Method(self.usergroups_users, groups),
        }

    def api_test(self, call: Call) -> dict[str, Any]:
        """Give back what was sent; refuse with ``error`` when one is asked for."""
        if error := call.args.text("error"):
            raise Refused(error, args=dict(call.args.given))
        return {"args": dict(call.args.given)}

    def auth_test(self, _call: Call) -> dict[str, Any]:
        """Say who the token belongs to."""
        return {
            "url": f"https://{TEAM_DOMAIN}.slack.com/",
            "team": TEAM_NAME,
            "user": self._world.users[BOT_USER].name,
            "team_id": TEAM_ID,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def connections_open(self, call: Call) -> dict[str, Any]:
        """Give the one-time URL of a Socket Mode connection."""
        return {"url": self._world.sockets.open(call.host)}

    def users_info(self, call: Call) -> dict[str, Any]:
        """Describe one person."""
        user = self._world.users.get(call.args.need("user", "user_not_found"))
        if user is None:
            raise Refused("user_not_found")
        return {"user": user.to_slack()}

    def users_list(self, call: Call) -> dict[str, Any]:
        """List everybody of this workspace; strangers are not in the list."""
        members = [user.to_slack() for user in self._world.users.values() if not user.is_stranger]
        rows, metadata = page(members, call.args, usual=PAGE_LIMIT)
        return {"members": rows, "cache_ts": int(self._world.clock.now()), "response_metadata": metadata}

    def usergroups_list(self, call: Call) -> dict[str, Any]:
        """List the user groups."""
        with_users = call.args.flag("include_users")
        return {"usergroups": [group.to_slack(with_users=with_users) for group in self._world.groups.values()]}

    def usergroups_users(self, call: Call) -> dict[str, Any]:
        """List the members of a user group."""
        group = self._world.groups.get(call.args.need("usergroup", "no_such_subteam"))
        if group is None:
            raise Refused("no_such_subteam")
        return {"users": list(group.users)}
