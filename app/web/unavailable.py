"""Why the database could not do what a request wanted, and what its reader can do about it."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class Cause(StrEnum):
    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read_only"
    UNSURE = "unsure"
    """The connection broke while it was being saved."""


TEXTS: dict[Cause, tuple[str, str]] = {
    Cause.FULL: (
        _l("There is no room left to save"),
        _l(
            "The disk of the tracker is full: there is no room left. Nothing was saved; reading "
            "goes on. Tell whoever runs the site, and send it again later."
        ),
    ),
    Cause.READ_ONLY: (
        _l("Nothing can be saved at present"),
        _l(
            "The database of the tracker cannot be written. Nothing was saved; reading goes on. "
            "Tell whoever runs the site, and send it again later."
        ),
    ),
    Cause.UNSURE: (
        _l("It is not known whether this was saved"),
        _l(
            "The connection to the database broke while it was being saved. Open the page and look "
            "whether it is there before you send it again."
        ),
    ),
}
SAID = {
    "database or disk is full": Cause.FULL,
    "disk i/o error": Cause.FULL,
    "readonly database": Cause.READ_ONLY,
    "read-write mode during recovery": Cause.READ_ONLY,
}
"""By SQLite, in its words; the last by a standby of PostgreSQL."""
CODES = {"53100": Cause.FULL, "25006": Cause.READ_ONLY}
"""By PostgreSQL, in its codes."""
OURS = ("no such", "syntax error")
"""SQLite also says so of a statement that is wrong; that is ours to mend, not to wait for."""


def cause_of(error: Exception, *, while_saving: bool) -> Cause | None:
    """None: it is no matter of waiting."""
    if isinstance(error, PoolTimeout):
        return Cause.BUSY
    if not isinstance(error, DBAPIError):
        return None
    said = str(error.orig).lower()
    known = CODES.get(getattr(error.orig, "sqlstate", None) or "")
    known = known or next((cause for words, cause in SAID.items() if words in said), None)
    if known is not None:
        return known
    if isinstance(error, InternalError) or any(word in said for word in OURS):
        return None
    if while_saving and error.connection_invalidated:
        return Cause.UNSURE
    return Cause.BUSY if isinstance(error, OperationalError | InterfaceError) else None
