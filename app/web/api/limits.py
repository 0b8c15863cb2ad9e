"""How much one token may ask in a minute.

Counted in the process that answers: with several workers each counts for itself, so a token is
never refused too early, and at most the number of workers times too late. Nothing is written for
what is only read.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from flask import Flask, Response, current_app, g, request
from flask_babel import ngettext
from werkzeug.exceptions import TooManyRequests

from app.web.day import now

WINDOW = 60
READS, WRITES = 600, 120
"""In a minute, by one token. Settings: API_READS and API_WRITES."""
MOST_KNOWN = 10_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Standing:
    limit: int
    left: int
    resets_in: int
    """Seconds."""


class Windows:
    """Counts in fixed windows of a minute, for the callers seen last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: OrderedDict[Hashable, tuple[int, int]] = OrderedDict()

    def count(self, caller: Hashable, limit: int, at: datetime) -> Standing:
        window, within = divmod(int(at.timestamp()), WINDOW)
        with self._lock:
            known, used = self._counts.pop(caller, (window, 0))
            used = used + 1 if known == window else 1
            self._counts[caller] = (window, used)
            if len(self._counts) > MOST_KNOWN:
                self._counts.popitem(last=False)
        return Standing(limit, limit - used, WINDOW - within)


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
