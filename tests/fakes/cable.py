"""A cable between us and a database server that can be cut, at once or in the middle of a word."""

from __future__ import annotations

import contextlib
import socket
import threading


class Cable:
    """Listens on a port of its own and passes everything on to another one."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._ends: list[socket.socket] = []
        self._deaf_after = b""
        self._silent = self._is_deaf = False
        self._passes = threading.Event()
        self._passes.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def deaf_after(self, words: bytes) -> None:
        """Pass these words on once more, lose the answer to them, and hang up."""
        self._deaf_after = words

    def silence(self) -> None:
        """Lose everything from now on, without a word, as a broken network does."""
        self._silent = True

    def hold(self) -> None:
        """Keep everything from now on, as a network does that swallows packets: they are sent again when it is over."""
        self._passes.clear()

    def let_go(self) -> None:
        """Pass on what was kept, and what follows."""
        self._passes.set()

    def cut(self) -> None:
        """Hang up on both sides; who calls again is connected again."""
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def close(self) -> None:
        """Cut everything for good."""
        self._passes.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                self._passes.wait()
                there = socket.create_connection(self._there)
                self._ends += [here, there]
                threading.Thread(target=self._pass, args=(here, there, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(there, here, False), daemon=True).start()

    def _pass(self, from_: socket.socket, to: socket.socket, ours: bool) -> None:  # noqa: FBT001 - one of two ways
        with contextlib.suppress(OSError):
            while heard := from_.recv(65_536):
                self._passes.wait()
                if self._silent:
                    continue
                if ours and self._deaf_after and self._deaf_after in heard:
                    self._deaf_after, self._is_deaf = b"", True
                    to.sendall(heard)
                elif not ours and self._is_deaf:  # the server has done it, and says so to nobody
                    self._is_deaf = False
                    self.cut()
                else:
                    to.sendall(heard)
            to.shutdown(socket.SHUT_WR)
