"""How much one token may ask in a minute.

Counted in memory that the workers of one machine share: they are forked from one application that
was loaded before, and with it comes the table of counts. So nothing is written to the database for
what is only read, and the limit is the same with any number of workers. Several machines count each
for itself.
"""

import fcntl
import hashlib
import mmap
import os
import struct
import tempfile
import weakref
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from flask import Flask, Response, current_app, g, request
from flask_babel import ngettext
from werkzeug.exceptions import TooManyRequests

from app.web.day import now

WINDOW = 60
READS, WRITES = 600, 120
"""In a minute, by one token. Settings: API_READS and API_WRITES."""
BUCKETS, BUCKET = 4096, struct.Struct("<" + "QII" * 4)
"""Room for 16,384 callers: of each a hash of its name, the minute, and how often it asked."""
MOST = 2**32 - 1
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Standing:
    limit: int
    left: int
    resets_in: int
    """Seconds."""


class Windows:
    """Counts in fixed windows of a minute. Where more callers ask at once than there is room for,
    one may be forgotten: nobody is ever refused too early."""

    def __init__(self) -> None:
        descriptor, path = tempfile.mkstemp(prefix="api-limits-")
        Path(path).unlink()
        os.ftruncate(descriptor, BUCKETS * BUCKET.size)
        weakref.finalize(self, os.close, descriptor)
        self._file = descriptor
        self._table = mmap.mmap(descriptor, BUCKETS * BUCKET.size)
        self._lock = Lock()

    def count(self, caller: Hashable, limit: int, at: datetime) -> Standing:
        window, within = divmod(int(at.timestamp()), WINDOW)
        hashed = hashlib.blake2b(repr(caller).encode(), digest_size=8).digest()
        name = int.from_bytes(hashed)
        with self._alone_with(name % BUCKETS * BUCKET.size) as at_byte:
            used = self._add(at_byte, name, window)
        return Standing(limit, limit - used, WINDOW - within)

    def _add(self, at_byte: int, name: int, window: int) -> int:
        """How often this caller has asked in this window, now included."""
        found = BUCKET.unpack_from(self._table, at_byte)
        entries = [found[n : n + 3] for n in range(0, len(found), 3)]
        own = next((n for n, entry in enumerate(entries) if entry[0] == name), None)
        if own is None:
            own = min(range(len(entries)), key=lambda n: entries[n][1:])
        _name, counted, used = entries[own]
        used = used + 1 if (_name, counted) == (name, window) else 1
        entries[own] = (name, window, min(used, MOST))
        flat = [value for entry in entries for value in entry]
        BUCKET.pack_into(self._table, at_byte, *flat)
        return used

    @contextmanager
    def _alone_with(self, at_byte: int) -> Iterator[int]:
        """Against threads by a lock of this process, against others by one of the file, which ends
        with its process."""
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX, BUCKET.size, at_byte)
            try:
                yield at_byte
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, BUCKET.size, at_byte)


def init_app(app: Flask) -> None:
    app.config.setdefault("API_READS", READS)
    app.config.setdefault("API_WRITES", WRITES)
    app.extensions["api_windows"] = Windows()
    app.after_request(_say)


def count(caller: Hashable) -> None:
    """Raises TooManyRequests once the caller has had its share of this minute."""
    kind = "API_READS" if request.method in SAFE else "API_WRITES"
    windows: Windows = current_app.extensions["api_windows"]
    standing = windows.count((kind, caller), current_app.config[kind], now())
    g.api_standing = standing
    if standing.left < 0:
        seconds = standing.resets_in
        raise TooManyRequests(
            ngettext(
                "This token has asked too much. Go on in %(num)s second.",
                "This token has asked too much. Go on in %(num)s seconds.",
                seconds,
            ),
            retry_after=seconds,
        )


def _say(response: Response) -> Response:
    standing: Standing | None = g.get("api_standing")
    if standing is not None:
        response.headers["RateLimit-Limit"] = str(standing.limit)
        response.headers["RateLimit-Remaining"] = str(max(standing.left, 0))
        response.headers["RateLimit-Reset"] = str(standing.resets_in)
        response.headers["RateLimit-Policy"] = f"{standing.limit};w={WINDOW}"
    return response
