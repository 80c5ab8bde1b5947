"""The lines of a file of any size, plain or packed, each bounded: memory stays flat on any input."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bot.errors import Unusable
from bot.feeds.tally import Tally

#: Longest line that is read, in bytes; a longer one is skipped without being held.
LINE_LIMIT: Final = 1024 * 1024
#: Bytes at the beginning by which a file is judged and recognised again.
HEAD: Final = 64 * 1024

_GZIP: Final = b"\x1f\x8b"
_BOM: Final = "\ufeff"
#: Control characters that no text holds; NUL is among them, for one NUL is mended, not a head full.
_CONTROL: Final = bytes({*range(9), *range(14, 32)} - {0x1B})
#: Share of characters in the head that may be odd before a file is taken for no text.
_ODD_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text without what databases refuse."""

    number: int
    """As editors count, from 1."""
    text: str
    """With its line end, if it has one."""


class Source:
    """An opened file.

    Raises:
        Unusable: it is missing, a folder, empty, no text, or its packing is broken.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._raw = self._opened()
        try:
            packed = self._raw.peek(2)[:2] == _GZIP
            start = self._raw.read(HEAD)
            self._raw.seek(0)
            self._stream: io.BufferedIOBase = gzip.GzipFile(fileobj=self._raw) if packed else self._raw
            self.head = self._guarded_head()
            self.total = path.stat().st_size
            self.fingerprint = sha256(start + str(self.total).encode()).hexdigest()[:16]
            self._refuse_what_is_no_text()
        except BaseException:
            self._raw.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._raw.close()

    @property
    def done(self) -> int:
        """Bytes of the file that were read so far, of ``total``."""
        return self._raw.tell()

    def lines(self, tally: Tally) -> Iterator[Line]:
        """Yield every line; one that is too long is counted as rejected."""
        number = 0
        while piece := self._piece(LINE_LIMIT + 1):
            number += 1
            if len(piece) > LINE_LIMIT:
                while piece and not piece.endswith(b"\n"):
                    piece = self._piece(HEAD)
                tally.reject("longer than 1 MiB", where=f"Line {number}")
                continue
            yield Line(number, self._text(piece, tally, first=number == 1))

    def _opened(self) -> io.BufferedReader:
        try:
            if self.path.is_dir():
                raise Unusable(f"{self.path} is a folder. Name the file in it.")
            if not self.path.exists():
                raise Unusable(f"{self.path} does not exist. Check the name.")
            if not self.path.is_file():
                raise Unusable(f"{self.path} is no ordinary file. Save it to one first.")
            return self.path.open("rb")
        except OSError as error:
            raise Unusable(f"{self.path} cannot be opened: {error.strerror}.") from error

    def _guarded_head(self) -> bytes:
        head = self._piece(HEAD, whole_line=False)
        self._stream.seek(0)
        return head

    def _piece(self, limit: int, *, whole_line: bool = True) -> bytes:
        try:
            return self._stream.readline(limit) if whole_line else self._stream.read(limit)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Unusable(
                f"{self.path} is a damaged gzip file: it ends too early or was changed. Fetch it again."
            ) from error
        except OSError as error:
            raise Unusable(f"{self.path} cannot be read: {error.strerror or error}.") from error

    def _refuse_what_is_no_text(self) -> None:
        if not self.head.strip():
            raise Unusable(f"{self.path} is empty. Give a CSV file, or JSON with one object a line.")
        odd = sum(map(self.head.count, (bytes([code]) for code in _CONTROL)))
        odd += self.head.decode("utf-8", "replace").count("\ufffd")
        if odd > len(self.head) * _ODD_SHARE:
            raise Unusable(f"{self.path} is no UTF-8 text. Give a CSV file, or JSON with one object a line.")

    def _text(self, piece: bytes, tally: Tally, *, first: bool) -> str:
        if b"\0" in piece:
            tally.note("NUL removed")
            piece = piece.replace(b"\0", b"")
        try:
            text = piece.decode("utf-8")
        except UnicodeDecodeError:
            tally.note("invalid UTF-8 replaced")
            text = piece.decode("utf-8", "replace")
        return text.removeprefix(_BOM) if first else text
