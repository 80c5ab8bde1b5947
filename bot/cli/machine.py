"""The doctor's look at the machine: versions, rights of files, disk, time zones, and hosts that throw disks away."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import __version__
from bot.cases.upkeep import disk_trouble
from bot.cli.findings import Finding, broken, ok, warning
from bot.settings import Settings
from bot.store.backup import LOGS
from bot.store.schema import file_of

#: Rights that nobody but the owner should have.
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def examined(settings: Settings) -> Iterator[Finding]:
    """Look at everything that needs neither database nor Slack."""
    yield _read()
    yield ok("versions", f"Goshawk {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.")
    yield from _zones()
    if settings.heartbeat_file and not (folder := Path(settings.heartbeat_file).parent).is_dir():
        yield broken("heartbeat", f"GOSHAWK_HEARTBEAT_FILE: there is no folder {folder}. Make it, or name another.")
    database = file_of(settings.store_url)
    if database is not None:
        yield from _rights(settings, database)
        yield from _disk(database.parent)


def _read() -> Finding:
    """Say what was read: who starts Goshawk in another folder has other settings."""
    named = Path(os.environ.get("GOSHAWK_CONFIG", "goshawk.toml"))
    if named.is_file():
        return ok("settings", f"Settings: {named.resolve()}, and the environment.")
    return ok("settings", f"Settings: the environment alone; there is no goshawk.toml in {Path.cwd()}.")


def _zones() -> Iterator[Finding]:
    try:
        ZoneInfo("Europe/Lisbon")
    except ZoneInfoNotFoundError:
        yield broken("zones", "This machine knows no time zones. Install its package tzdata.")


def _rights(settings: Settings, database: Path) -> Iterator[Finding]:
    """Say which files others may read: they hold other people's words, and maybe tokens."""
    secret = Path(os.environ.get("GOSHAWK_CONFIG", "goshawk.toml"))
    holds_secret = bool(settings.secrets or settings.slack_bot_token) and secret.is_file() and _names_secret(secret)
    logs = [database.with_name(database.name + ending) for ending in LOGS]
    open_files = [one for one in (database, *logs, *([secret] if holds_secret else [])) if _others_may(one)]
    for one in open_files:
        yield warning("rights", f"Others may read {one}. Type: chmod 600 {one}")
    if settings.data.is_dir() and _others_may(settings.data):
        yield warning("rights", f"Others may look into {settings.data}. Type: chmod 700 {settings.data}")


def _names_secret(file: Path) -> bool:
    try:
        words = file.read_text(errors="replace")
    except OSError:
        return False
    return any(name in words for name in ("xoxb-", "xapp-", "[secrets]", "slack_signing_secret"))


def _others_may(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & _OTHERS)


def _disk(folder: Path) -> Iterator[Finding]:
    if os.environ.get("DYNO"):
        yield broken("disk", "This host throws its disks away: set DATABASE_URL to a PostgreSQL server.")
        return
    there = next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), Path("/"))
    if _is_of_a_container(there):
        yield warning(
            "disk",
            f"{there} is inside a container and goes with it. Mount a volume there, or set DATABASE_URL to a server.",
        )
    if trouble := disk_trouble(there):
        yield warning("disk", trouble)
        return
    usage = shutil.disk_usage(there)
    yield ok("disk", f"Disk of {there}: {usage.free / 1024**3:.1f} GiB free, {usage.free / usage.total:.0%}.")


def _is_of_a_container(folder: Path) -> bool:
    """Whether a folder is on the layers of a container's image: nothing is mounted there."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return False
    inside = [(place, kind) for _, place, kind, *_ in mounts if folder.resolve().is_relative_to(place)]
    return bool(inside) and max(inside, key=lambda one: len(one[0]))[1] in {"overlay", "aufs"}
