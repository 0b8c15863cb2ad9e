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
    NO_FILES = "no_files"
    OUTDATED = "outdated"
    """A table or a column is missing, if the structure is not that of this release."""


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
    Cause.NO_FILES: (
        _l("No file can be kept at present"),
        _l(
            "The folder in which the tracker keeps files cannot be written. Nothing was saved; "
            "reading goes on. Tell whoever runs the site, and send it again later."
        ),
    ),
    Cause.OUTDATED: (
        _l("The tracker is being brought up to date"),
        _l(
            "Its database is not yet as this release needs it. Nothing was saved. Try again in a "
            "minute; if it stays so, tell whoever runs the site."
        ),
    ),
}
SAID = {
    "database or disk is full": Cause.FULL,
    "disk i/o error": Cause.FULL,
    "readonly database": Cause.READ_ONLY,
    "read-write mode during recovery": Cause.READ_ONLY,
    "no such table": Cause.OUTDATED,
    "no such column": Cause.OUTDATED,
    "has no column": Cause.OUTDATED,
}
"""By SQLite, in its words; the fourth by a standby of PostgreSQL."""
CODES = {
    "53100": Cause.FULL,
    "25006": Cause.READ_ONLY,
    "42P01": Cause.OUTDATED,
    "42703": Cause.OUTDATED,
}
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
