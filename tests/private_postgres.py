"""A PostgreSQL of a test's own, that may be stopped without hurting anybody else's."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from served import free_port

ACCOUNT = "postgres"
"""PostgreSQL does not run as root; then it runs as this."""


class Cluster:
    """Started and stopped as whoever keeps a database would."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs, self.port = folder, programs, free_port()
        self.url = f"postgresql+psycopg://{ACCOUNT}@127.0.0.1:{self.port}/postgres"
        self._run("initdb", "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        listens = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        log = str(self.folder.parent / "log")
        self._run("pg_ctl", "start", "-w", "-t", "120", "-l", log, "-o", f"{listens}''")

    def stop(self, mode: str) -> None:
        """`fast` ends every connection; `immediate` is as if the power went."""
        self._run("pg_ctl", "stop", "-w", "-t", "120", "-m", mode)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.folder), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", ACCOUNT, "--", *command]
        done = subprocess.run(
            command,
            cwd="/",
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, (done.stdout or b"").decode()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """In a folder that is gone afterwards; skips where there is no server to start."""
    programs = _programs()
    if programs is None or (os.geteuid() == 0 and shutil.which("runuser") is None):
        pytest.skip("no PostgreSQL server is installed that could be started")
    with tempfile.TemporaryDirectory(prefix="private-postgres-") as parent:
        if os.geteuid() == 0:
            shutil.chown(parent, ACCOUNT)
        made = Cluster(Path(parent) / "data", programs)
        made.start()
        try:
            yield made
        finally:
            made.stop("immediate")


def _programs() -> Path | None:
    """Debian keeps each release's in a folder of its own, out of the path."""
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return kept[-1].parent if kept else None
