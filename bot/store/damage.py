"""Whether the log beside a SQLite database still holds what was acknowledged.

SQLite reads its write-ahead log up to the first frame that is cut off or
changed, and says nothing of what stood behind it: after a crash that is right,
for what was never finished was never acknowledged. But the log's index
(``-shm``) counts what was, and outlives a killed process. As long as the machine
was not restarted in between, a log that holds less was damaged.

Source: SQLite docs, "WAL-mode File Format" and "Database File Format", section 4, read 2026-11-22.
"""

from __future__ import annotations

import struct
import time
from pathlib import Path
from typing import Final

from bot.errors import Unusable

_LOG_HEADER: Final = 32
_FRAME_HEADER: Final = 24
#: Bytes of the index that are looked at: its header twice, then what was moved into the database already.
_INDEX: Final = struct.Struct("=II I BBH II 8s 8s 8s")
_BACKFILLED_AT: Final = 2 * _INDEX.size
#: Frames whose every byte is checked; of a longer log only the length.
_FRAMES: Final = 20_000


def refuse_cut_log(database: Path) -> None:
    """Look at the log before anybody opens the database: opening it forgets what the index counted.

    Raises:
        Unusable: it holds less than was acknowledged.
    """
    log, index = (database.with_name(database.name + ending) for ending in ("-wal", "-shm"))
    try:
        counted = index.read_bytes()[: _BACKFILLED_AT + 4] if index.is_file() else b""
        if len(counted) < _BACKFILLED_AT + 4 or _is_of_an_earlier_boot(index):
            return
        content = log.read_bytes() if log.is_file() else b""
    except OSError:
        return  # whoever opens it says why it cannot be read
    if _lacks(content, counted):
        raise Unusable(
            f"The log {log.name} beside {database} is damaged: it lacks what was acknowledged last. "
            "Restore a backup: `goshawk restore FILE`."
        )


def _is_of_an_earlier_boot(index: Path) -> bool:
    return index.stat().st_mtime < time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


def _lacks(log: bytes, index: bytes) -> bool:
    """Whether frames that the index counts, and that are in the log alone, are not there or not whole."""
    _, _, _, ready, big, size, frames, _, _, salts, _ = _INDEX.unpack_from(index)
    (moved,) = struct.unpack_from("=I", index, _BACKFILLED_AT)
    if not ready or index[: _INDEX.size] != index[_INDEX.size : _BACKFILLED_AT] or frames <= moved:
        return False
    page = 65_536 if size == 1 else size
    if len(log) < _LOG_HEADER + frames * (_FRAME_HEADER + page) or log[16:24] != salts:
        return True
    return frames <= _FRAMES and not _is_whole(log, frames, page, ">" if big else "<")


def _is_whole(log: bytes, frames: int, page: int, order: str) -> bool:
    """Whether every frame bears the salt of the log, and the checksum that SQLite carries on from frame to frame."""
    total = _sum((0, 0), log[:24], order)
    for start in range(_LOG_HEADER, _LOG_HEADER + frames * (_FRAME_HEADER + page), _FRAME_HEADER + page):
        header, content = log[start : start + _FRAME_HEADER], start + _FRAME_HEADER
        total = _sum(_sum(total, header[:8], order), log[content : content + page], order)
        if header[8:] != log[16:24] + struct.pack(">II", *total):
            return False
    return True


def _sum(total: tuple[int, int], part: bytes, order: str) -> tuple[int, int]:
    one, two = total
    words = iter(struct.unpack(f"{order}{len(part) // 4}I", part))
    for left, right in zip(words, words, strict=True):
        one = (one + left + two) & 0xFFFFFFFF
        two = (two + right + one) & 0xFFFFFFFF
    return one, two
