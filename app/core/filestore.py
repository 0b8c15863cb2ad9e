"""Files kept under the hash of what is in them, in a folder that nothing serves."""

import hashlib
import os
import secrets
from pathlib import Path


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class FileStore:
    """What is kept never changes; the same content is kept once. Only the owner reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep it, and give its hash. Whole or not at all, whatever happens meanwhile."""
        name = sha256(content)
        path = self.path(name)
        if path.exists():
            return name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.parent / f"{name}.{secrets.token_hex(4)}.part"
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        return name

    def get(self, name: str) -> bytes | None:
        """None where it is gone, or is no longer what its name says."""
        try:
            content = self.path(name).read_bytes()
        except OSError:
            return None
        return content if sha256(content) == name else None

    def path(self, name: str) -> Path:
        return self.folder / name[:2] / name
