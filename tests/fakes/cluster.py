"""A PostgreSQL server of a test's own, which it may restart and kill."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


class Cluster:
    """One server in a folder; root has it run by ``postgres``, which refuses to be root."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self.port = port
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def make(self) -> None:
        """Make the server's files, and start it."""
        self._folder.mkdir(parents=True)
        if os.getuid() == 0:
            shutil.chown(self._folder, "postgres")
        self._do("initdb", "-A", "trust", "-U", "postgres", "--no-sync", "-D", f"{self._folder}/data")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        self._do("pg_ctl", "-w", "-D", f"{self._folder}/data", "-l", f"{self._folder}/log", "-o", options, "start")

    def stop(self) -> None:
        """Let it fall: no connection is told, nothing is written down."""
        self._do("pg_ctl", "-w", "-m", "immediate", "-D", f"{self._folder}/data", "stop")

    @property
    def pid(self) -> int:
        """The number of its first process."""
        return int((self._folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    def _do(self, *command: str) -> None:
        words = [str(_programs() / command[0]), *command[1:]]
        if os.getuid() == 0:
            words = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *words]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60, cwd="/tmp")  # noqa: S603, S108 - fixed words
        assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def own_server(port: int) -> Iterator[Cluster]:
    """Run a server in a folder that another user can reach, which pytest's own are not; it falls at the end."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        made = Cluster(Path(folder) / "cluster", port)
        made.make()
        try:
            yield made
        finally:
            made.stop()


def _programs() -> Path:
    """Return the folder of the newest PostgreSQL that is installed; Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else Path(shutil.which("initdb") or "/usr/bin/initdb").parent
