"""Checks of the files that the site keeps: who else on the machine may read or change them."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from app.doctor.weakness import Weakness

SECRETS = ("secret_key", "demo_password")


def weaknesses(instance: Path, database: Path | None) -> Iterator[Weakness]:
    """`database`: its file, where it is one."""
    if _is_open_to_others(instance, write_only=True):
        yield Weakness(
            "instance-writable",
            f"Others on this machine may change what is in {instance}.",
            f"chmod go-w {instance}",
        )
    for path in (instance / name for name in SECRETS):
        if path.exists() and _is_open_to_others(path):
            yield Weakness(
                "secret-readable",
                f"Others on this machine may read {path}.",
                f"chmod 600 {path}, then make a new one: delete it and start again"
                if path.name == "secret_key"
                else f"chmod 600 {path}",
            )
    if database is not None:
        yield from _database(instance, database)


def _database(instance: Path, database: Path) -> Iterator[Weakness]:
    shut = _is_shut(database.parent) or _is_shut(instance)
    for path in (database, database.with_name(f"{database.name}-wal")):
        if path.exists() and not shut and _is_open_to_others(path):
            yield Weakness(
                "database-readable",
                f"Others on this machine may read {path}: every marking is void for them.",
                f"chmod 700 {database.parent}",
            )


def _is_shut(folder: Path) -> bool:
    """Whether nobody but its owner gets through it."""
    return not stat.S_IMODE(folder.stat().st_mode) & 0o077


def _is_open_to_others(path: Path, *, write_only: bool = False) -> bool:
    if os.name != "posix":
        return False
    return bool(stat.S_IMODE(path.stat().st_mode) & (0o022 if write_only else 0o077))
