"""What the kinds of finds are called."""

from flask_babel import lazy_gettext as _l

KIND_NAMES: dict[str, str] = {
    "deliverable": _l("Deliverables"),
    "priority": _l("Priorities"),
    "deadline": _l("Deadlines"),
    "member": _l("Members"),
    "question": _l("Questions"),
    "decision": _l("Decisions"),
    "meeting": _l("Meetings"),
    "agenda_item": _l("Draft agenda items"),
    "update": _l("Updates"),
    "institute": _l("Institutes"),
    "body": _l("Outside bodies"),
    "source": _l("Sources"),
}
