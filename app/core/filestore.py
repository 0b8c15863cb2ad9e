"""Files kept under the hash of what is in them, in a folder that nothing serves."""

import errno
import hashlib
import os
import secrets
from pathlib import Path

from app.core.errors import N_, Missing

NOT_AS_IT_WAS = N_(
    "The file is no longer there as it was handed in, so it is not given out. Tell whoever runs "
    "the site: a backup may have it."
)


class NotKept(Exception):
    """The disk did not take it."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror)
        self.is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class FileStore:
    """What is kept never changes; the same content is kept once. Only the owner reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep it, and give its hash. Whole or not at all, whatever happens meanwhile; a damaged
        one is mended by it. Raises NotKept."""
        name = sha256(content)
        if self.get(name) is not None:
            return name
        try:
            self._write(self.path(name), content)
        except OSError as error:
            raise NotKept(error) from error
        return name

    def get(self, name: str) -> bytes | None:
        """None where it is gone, or is no longer what its name says."""
        try:
            content = self.path(name).read_bytes()
        except OSError:
            return None
        return content if sha256(content) == name else None

    def read(self, name: str) -> bytes:
        """For whoever may have it; raises Missing with words for them."""
        content = self.get(name)
        if content is None:
            raise Missing(NOT_AS_IT_WAS)
        return content

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.parent / f"{path.name}.{secrets.token_hex(4)}.part"
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        _fsync(path.parent)
        _fsync(self.folder)

    def path(self, name: str) -> Path:
        return self.folder / name[:2] / name


def _fsync(folder: Path) -> None:
    """What was made in it stays, though the power goes."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
