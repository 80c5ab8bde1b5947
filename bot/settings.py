"""Every setting, its unit and its default; the docstrings are the manual.

Three places, the first wins: the environment (``GOSHAWK_*`` and the few names in
``PLAIN``), the file ``goshawk.toml``, the defaults below.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from bot.correction import sentence
from bot.domain.sla import PROMISES, Priority
from bot.domain.voice import used_in
from bot.errors import Misconfigured
from bot.sections import (
    ApprovalSettings,
    Channels,
    FeedSettings,
    RoleSettings,
    SecretAddress,
    TemplateSettings,
    TierSettings,
)

#: Names that hosts and Slack's own documents use, without our prefix.
PLAIN: Final[Mapping[str, str]] = {
    "SLACK_BOT_TOKEN": "slack_bot_token",
    "SLACK_APP_TOKEN": "slack_app_token",
    "SLACK_SIGNING_SECRET": "slack_signing_secret",
    "SLACK_API_URL": "slack_api_url",
    "DATABASE_URL": "database_url",
    "PORT": "port",
}

#: Environment names that steer Goshawk before the settings are read.
EARLY: Final = frozenset({"GOSHAWK_CONFIG"})
#: Names that are no settings and yet ours: of the sandbox, and of the project's own tests.
BESIDE: Final = frozenset({"GOSHAWK_SIM_TOKEN", "GOSHAWK_TEST_DATABASE_URL"})


class Settings(BaseSettings):
    """All settings of one process."""

    model_config = SettingsConfigDict(
        env_prefix="GOSHAWK_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        allow_inf_nan=False,
    )

    slack_bot_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_BOT_TOKEN")
    """The bot token, ``xoxb-...``, from "OAuth & Permissions" of your Slack app."""
    slack_app_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_APP_TOKEN")
    """The app-level token, ``xapp-...``, with the scope connections:write (Socket Mode). Not needed over HTTP."""
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_SIGNING_SECRET")
    """The signing secret of your Slack app (several: separated by spaces, for rotation). When it is set, Slack may call
    ``/slack/events`` over HTTP; Socket Mode does not need it."""
    slack_api_url: str = Field(default="https://slack.com/api/", validation_alias="SLACK_API_URL")
    """Where Slack's Web API is; https unless on loopback."""
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    """``sqlite:///path`` or ``postgresql://...``; empty: ``goshawk.db`` in the data folder."""
    database_direct_url: str = ""
    """The same database past a pooler such as PgBouncer, for the one connection that must stay; empty: DATABASE_URL."""
    host: str = "127.0.0.1"
    """Where ``goshawk run`` and ``goshawk web`` listen. ``0.0.0.0``: on every network of this machine."""
    port: int = Field(default=8770, ge=0, le=65_535, validation_alias="PORT")
    """Where ``goshawk run`` and ``goshawk web`` answer Slack, webhooks and health checks."""

    metrics_token: SecretStr = SecretStr("")
    """What ``/metrics`` asks for as ``Authorization: Bearer``; empty: it answers programs of this machine only."""
    heartbeat_url: SecretAddress = SecretStr("")
    """Address outside that is called every minute while all is well, and calls you when the calls stay away."""
    heartbeat_file: str = ""
    """File that is written anew every minute while all is well, for a watcher on this machine."""

    data: Path = Path("goshawk-data")
    """Folder of everything Goshawk keeps."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Least level of log lines that are written."""
    keep_days: int = Field(default=180, ge=0, le=36_500)
    """Days after which the words of a case that is over are removed, here and in Slack. 0: never."""
    timezone: str = "UTC"
    """Zone of "next business morning", for instance ``Europe/Lisbon``."""
    channels: Channels = Channels()
    """Where things are posted."""
    tiers: tuple[TierSettings, ...] = ()
    """The escalation ladder, lowest step first."""
    roles: tuple[RoleSettings, ...] = ()
    """Who may do what. Empty: every full member answers, owners and admins of the workspace approve and administer."""
    oncall: str = ""
    """Person or user group that a P1 card mentions when it is posted."""
    promises: dict[Priority, Annotated[timedelta, Field(gt=timedelta(), le=timedelta(days=365))]] = dict(PROMISES)
    """Minutes-and-hours to an answer by priority (ISO 8601, ``PT30M``), counted from the customer's post."""
    reach_p1: int = Field(default=50_000, ge=1)
    """Followers from which a complaint is P1."""
    undo_s: float = Field(default=15.0, ge=0, le=600)
    """Seconds a sent reply can still be undone."""
    undo_p1_s: float = Field(default=5.0, ge=0, le=600)
    """The same for P1."""
    unfreeze_s: float = Field(default=120.0, ge=0, le=3_600)
    """The same, at least, for a reply that a freeze kept back, counted from its end."""
    replies_per_day: int = Field(default=1_000, ge=0, le=1_000_000)
    """Most replies that leave as one account in a day (UTC); more wait for the next. Keep it below what the platform
    allows; 0: no limit. The operators are told at 80 %."""
    check_view: Literal["risky", "always"] = "risky"
    """When the exact text is shown once more before Send: for P1 and warnings, or always."""
    check_new_replies: int = Field(default=0, ge=0, le=1_000)
    """New staff look twice: the exact text of everybody's first so many replies is shown once more before Send."""
    direct_reply: bool = False
    """Whether ``/reply 12 text`` sends at once, behind the undo window; else it opens the window to look first."""
    thread_lines: Literal["all", "important", "none"] = "all"
    """What is said in a card's thread. important: only what calls somebody (wrote again, not sent, held, approvals,
    hand-overs, reminders); none: nothing, so nobody is called there, and who has a case must watch its card."""
    approval: ApprovalSettings = ApprovalSettings()
    """When a second person reads a reply before it leaves."""
    signature: Literal["off", "initials"] = "off"
    """Whether every reply ends with who wrote it: ``^AN`` for Ana, ``^AS`` for Ana Silva. Counted in the limit."""
    signatures: dict[str, Annotated[str, Field(pattern=r"^\S{1,20}$")]] = {}
    """How people sign who do not want their initials, by handle or id: ``ana = "^Ana"``."""
    templates: tuple[TemplateSettings, ...] = Field(default=(), max_length=100)
    """Ready-made words to start a reply from."""
    dm_links: dict[str, Annotated[str, Field(pattern=r"^https?://\S{1,500}$")]] = Field({}, validate_default=True)
    """Network to the address where people write to us in private; ``{dm_link}`` in a template becomes it."""
    history_days: float = Field(default=30.0, ge=0, le=3_650)
    """Days before a complaint in which its author's earlier mentions are counted on the card."""
    rollup_minutes: float = Field(default=60.0, gt=0, le=10_080)
    """Minutes between two roll-ups of tagged mentions that were not flagged; none is posted when there are none."""
    stale_tier_minutes: float = Field(default=5.0, ge=0, le=1_440)
    """Least minutes between two messages to one tier; more escalations are folded into the next."""
    stale_claim_minutes: float = Field(default=30.0, ge=0, le=10_080)
    """Minutes of silence after which the assignee of a waiting customer is asked: still on it? 0: never."""
    stale_return_minutes: float = Field(default=15.0, gt=0, le=1_440)
    """Minutes they have to answer before the case returns to the queue."""
    card_gap_s: float = Field(default=1.05, ge=0, le=60)
    """Least seconds between two messages in one channel (Slack allows one a second)."""
    storm_burst: int = Field(default=8, ge=1, le=1_000)
    """Most new cases within 10 seconds that get a card each; more fold into one board until it is calm."""
    storm_per_minute: int = Field(default=30, ge=0, le=10_000)
    """The same within a minute. 0: every case gets a card, whatever comes."""
    slack_settle_s: float = Field(default=10.0, ge=0.1, le=600)
    """Seconds after a lost answer of Slack's before the message is looked for, and posted again if it is not there."""
    home_gap_s: float = Field(default=5.0, ge=0, le=600)
    """Least seconds between two refreshes of one person's Home."""
    feeds: tuple[FeedSettings, ...] = ()
    """What is listened to."""
    secrets: dict[str, SecretStr] = {}
    """Feed name to its token or signing secrets (several: separated by spaces, for rotation)."""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name!r} is no time zone; write one like Europe/Lisbon")
        return name

    @field_validator("feeds", "tiers", "templates")
    @classmethod
    def _unique_names(cls, named: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        names = [one.name.casefold() for one in named]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two {info.field_name} are called {min(twice)!r}; names must differ")
        return named

    @field_validator("dm_links")
    @classmethod
    def _way_into_private(cls, links: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        known = {network.casefold() for network in links}
        for one in info.data.get("templates", ()):
            wanted = one.network.casefold()
            if "dm_link" in used_in(one.text) and not (wanted in known if wanted else known):
                where = f"dm_links.{one.network}" if wanted else "dm_links"
                raise ValueError(f"the template {one.name!r} uses {{dm_link}}; set {where} to where people write to us")
        return links

    @property
    def all_promises(self) -> dict[Priority, timedelta]:
        """Every promise: those that were set, and the defaults of the others."""
        return {**PROMISES, **self.promises}

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)

    @property
    def store_url(self) -> str:
        """The database, as SQLAlchemy wants it named."""
        url = self.database_url or f"sqlite:///{self.data / 'goshawk.db'}"
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment, then the file."""
        del dotenv_settings, file_secret_settings
        path = Path(os.environ.get("GOSHAWK_CONFIG", "goshawk.toml"))
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=path))


class _Given(Settings):
    """Settings that look neither at the environment nor at a file."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments only."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def only(**given: Any) -> Settings:
    """Return the defaults and what is given, whatever the environment or a file says: for demo and replay."""
    try:
        return _Given(**given)
    except ValidationError as error:
        raise Misconfigured(sentence(error, Settings.model_fields)) from error


def load(**given: Any) -> Settings:
    """Return the settings of this process; ``given`` wins over all other places.

    Raises:
        Misconfigured: a value, a file or an environment name is wrong; the text
            names it and says what to write.
    """
    _refuse_unknown_names(os.environ)
    path = os.environ.get("GOSHAWK_CONFIG")
    if path and not Path(path).is_file():
        raise Misconfigured(f"GOSHAWK_CONFIG names {path}, which is no file. Correct it or unset it.")
    if Path("goshawk.toml").is_dir() and not path:
        raise Misconfigured("goshawk.toml is a folder, and should be a file. Move it away.")
    try:
        return Settings(**given)
    except ValidationError as error:
        set_there = {name.upper() for name in os.environ}
        in_file = {name: ours for name, ours in PLAIN.items() if name not in set_there}
        raise Misconfigured(sentence(error, Settings.model_fields, in_file)) from error
    except SettingsError as error:
        field = re.search(r'field "(\w+)"', str(error))
        name = f"GOSHAWK_{field[1].upper()}" if field else "of the settings"
        raise Misconfigured(f"The environment's {name} is no JSON. docs/settings.md shows how to write it.") from error
    except (ValueError, OSError) as error:
        raise Misconfigured(f"The file {path or 'goshawk.toml'} cannot be read: {error}.{_remedy(error)}") from error


def _remedy(error: Exception) -> str:
    """Return what most often leads to a file that is no TOML."""
    if isinstance(error, UnicodeDecodeError) or "Invalid statement (at line 1, column 1)" in str(error):
        return " Save it as plain UTF-8, without a byte order mark."
    return " Text needs quotes, numbers none." if "Invalid value" in str(error) else ""


def _refuse_unknown_names(environment: Mapping[str, str]) -> None:
    """pydantic-settings ignores unknown environment names; a misspelt one must not pass silently."""
    known = {f"GOSHAWK_{name.upper()}" for name in Settings.model_fields if name not in PLAIN.values()} | EARLY | BESIDE
    for given in environment:
        name = given.upper()
        if name.startswith("GOSHAWK_") and name.split("__")[0] not in known:
            meant = {
                **{plain: plain for plain in PLAIN},
                **{ours.removeprefix("GOSHAWK_"): ours for ours in known - BESIDE},
            }
            near = difflib.get_close_matches(name.removeprefix("GOSHAWK_").split("__")[0], meant, n=1)
            hint = f"Did you mean {meant[near[0]]}?" if near else "docs/settings.md lists all names."
            raise Misconfigured(f"The environment sets {given}, which is no setting. {hint}")
