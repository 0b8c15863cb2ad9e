"""What it means for the reader that the database refused a row."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

MEANINGS: dict[str, str] = {
    "uq_accounts_email": _l("There is already an account with this e-mail address."),
    "uq_members_code": _l("There is already a member with this code."),
    "uq_priorities_key": _l("There is already a priority with this key."),
    "uq_deliverables_key": _l("There is already a deliverable with this key."),
    "uq_deadlines_key": _l("There is already a deadline with this key."),
    "uq_date_proposals_open": _l("A date is proposed already and waits for an answer."),
    "uq_date_proposals_deliverable_id": _l("A date is proposed already and waits for an answer."),
    "uq_date_proposals_answers_id": _l("Somebody answered this proposal meanwhile."),
    "uq_status_updates_corrects_id": _l("This update was corrected already."),
    "uq_meetings_series_id": _l("The series already has a meeting on this day."),
    "uq_meetings_key": _l("The series already has a meeting on this day."),
}
"""By the name of the constraint. What is not here is described by its kind."""

_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (\w+)\.(\w+)")
_SQLITE_CHECK = re.compile(r"CHECK constraint failed: (\w+)")


def violated(error: IntegrityError) -> str:
    """The name of the constraint; empty where the database does not say it."""
    named = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if named:
        return str(named)
    text = str(error.orig)
    if unique := _SQLITE_UNIQUE.search(text):
        return f"uq_{unique[1]}_{unique[2]}"
    check = _SQLITE_CHECK.search(text)
    return check[1] if check else ""


def meaning(error: IntegrityError) -> str:
    name = violated(error)
    if name in MEANINGS:
        return str(MEANINGS[name])
    if name.startswith(("uq_", "pk_")):
        return _("Something with the same key is already there.")
    if name.startswith("ck_") or "NOT NULL" in str(error.orig).upper():
        return _("A value is missing or is not one of those that are possible.")
    return _("It refers to something that is no longer there, or something refers to it.")
