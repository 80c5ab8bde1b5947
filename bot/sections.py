"""The tables inside goshawk.toml: channels, tiers, roles, approval, templates, feeds; the docstrings are the manual."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

from bot.domain.sla import Priority
from bot.domain.voice import VARIABLES, used_in


class Part(BaseModel):
    """A table inside goshawk.toml: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Channels(Part):
    """Where things are posted: channel names (``#social-care``) or ids."""

    cases: str = "#social-care"
    """Cards of public complaints."""
    private: str = ""
    """Cards of private mentions; must be a private channel. Empty: a notice without their text is posted instead."""
    operators: str = ""
    """Trouble with feeds and with Goshawk itself. Empty: the cases channel."""


class TierSettings(Part):
    """One step of the escalation ladder, lowest first."""

    name: str
    """What staff type and read, for instance ``lead`` or ``pr``."""
    channel: str
    """Where the escalation is told."""
    notify: tuple[str, ...] = ()
    """People or user groups to mention: ids (U..., S...) or handles (``@social-leads``)."""


class RoleSettings(Part):
    """A role, and who has it; one role may stand in several tables."""

    role: Literal["viewer", "responder", "approver", "admin"]
    """viewer looks; responder works on cases and answers; approver also approves and takes over; admin does all."""
    who: tuple[str, ...] = Field(min_length=1)
    """People and user groups of Slack: handles (``@social-leads``, ``@cleo``) or ids (U..., S...)."""
    accounts: tuple[str, ...] = ()
    """Only for cases that these accounts of ours would answer, for instance ``harbourline``. Empty: for all."""
    routes: tuple[Literal["cases", "private"], ...] = ()
    """Only for public cases (``cases``) or private ones (``private``). Empty: for both."""


class ApprovalSettings(Part):
    """When a second person reads a reply before it leaves; as it is here, never. Approvers are named in roles."""

    priorities: tuple[Priority, ...] = ()
    """Replies to cases of these priorities, for instance ``["P1"]``."""
    routes: tuple[Literal["cases", "private"], ...] = ()
    """Replies to public cases, or to private ones."""
    accounts: tuple[str, ...] = ()
    """Replies that these accounts of ours give, for instance ``harbourline``."""
    new_staff_replies: int = Field(default=0, ge=0, le=1_000)
    """Replies of somebody until so many of theirs were sent."""
    words: tuple[str, ...] = ()
    """Replies that hold one of these words or phrases, in capitals or not: ``refund``, ``legal action``."""
    box: bool = False
    """Offer a box "Second pair of eyes" in the window in which replies are written."""
    remind_minutes: float = Field(default=10.0, gt=0, le=1_440)
    """Minutes that a request waits before its approvers are called again; each further call waits twice as long."""

    @property
    def asks_for(self) -> frozenset[str]:
        """The routes on which some reply may need an approval."""
        return frozenset(("cases", "private") if self.accounts or self._asks_anywhere else self.routes)

    def asks_any_account(self, route: str) -> bool:
        """Whether a reply on that route may need an approval whichever account of ours gives it."""
        return route in self.routes or self._asks_anywhere

    @property
    def _asks_anywhere(self) -> bool:
        return bool(self.priorities or self.new_staff_replies or self.words or self.box)


class TemplateSettings(Part):
    """Ready-made words to start a reply from; nothing is ever sent that nobody chose and read."""

    name: str = Field(min_length=1, max_length=75)
    """What staff choose it by."""
    text: str = Field(min_length=1, max_length=3_000)
    """The words, with variables in braces: ``{name}``, ``{handle}``, ``{case}``, ``{account}``, ``{dm_link}``,
    ``{signature}``. One that cannot be filled in stays as it is, and keeps the reply from leaving."""
    lang: str = Field(default="", pattern=r"^([a-z]{2})?$")
    """Offered for mentions in this language only, two letters. Empty: for all."""
    network: str = ""
    """Offered on this network only, by its name on the card. Empty: on all."""

    @field_validator("text")
    @classmethod
    def _known_variables(cls, text: str) -> str:
        if strange := sorted(used_in(text) - set(VARIABLES)):
            known = ", ".join(f"{{{name}}}" for name in VARIABLES)
            raise ValueError(f"it uses {{{strange[0]}}}, which nobody can fill in; known are {known}")
        return text


class FeedPart(Part):
    """What every feed has."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    """Unique, lower case; answers go back through the feed of this name."""
    platform: str = Field(default="", max_length=60)
    """The network as staff call it; empty: the feed's own word."""


class DemoFeedSettings(FeedPart):
    """The demo platform on loopback."""

    kind: Literal["demo"]
    url: str
    """Address of the platform: https, or on this machine."""
    every_s: float = Field(default=1.0, gt=0, le=3600)
    """Seconds between two looks."""


class RssFeedSettings(FeedPart):
    """A blog, forum or status page by RSS, Atom or JSON Feed."""

    kind: Literal["rss"]
    url: str
    """Address of the document itself, not of the page that people read."""
    every_s: float = Field(default=300.0, gt=0, le=86_400)
    """Seconds between two looks."""
    tagged: bool = False
    """Whether every entry counts as addressed to the brand, for instance on its own forum."""


class WebhookFeedSettings(FeedPart):
    """Any sender that signs a JSON POST to ``/hooks/NAME``; its secrets stand in ``GOSHAWK_SECRETS__NAME``."""

    kind: Literal["webhook"]
    visibility: Literal["public", "unknown"] = "unknown"
    """Who can read a post that does not say so itself. ``public``: you vouch that everybody can; ``unknown``: nobody
    said, and it is treated as private."""
    fields: dict[str, str] = {}
    """Our field name to a dotted path in the sender's JSON, where they differ (``text = "data.body"``)."""


FeedSettings = Annotated[DemoFeedSettings | RssFeedSettings | WebhookFeedSettings, Field(discriminator="kind")]


#: An address that nobody reads on the way to it.
_CLOSED: Final = re.compile(r"https://[^\s/]+(/\S*)?|http://(localhost|127\.[\d.]+|\[::1\])(:\d+)?(/\S*)?")


def _private_way(url: SecretStr) -> SecretStr:
    """Let an address through whose secret path stays one; what is said of another does not repeat it."""
    if url.get_secret_value() and not _CLOSED.fullmatch(url.get_secret_value()):
        raise ValueError("write an address that begins with https://, or http:// on this machine")
    return url


SecretAddress = Annotated[SecretStr, AfterValidator(_private_way)]
"""Where somebody outside is called; whoever knows it can call there, too."""
