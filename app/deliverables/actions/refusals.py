"""A refused move in words for whoever wanted it."""

from app.core.errors import N_, Refused
from app.deliverables.rules.moves import MoveRefused


def worded(refused: MoveRefused) -> Refused:
    if refused.missing == "note":
        return Refused(
            N_("Going from “%(old)s” to “%(new)s” needs a note that says why."),
            field="note",
            old=refused.old,
            new=refused.new,
        )
    if refused.missing == "evidence":
        return Refused(
            N_("“%(new)s” needs evidence: add a link that shows it."),
            field="evidence_url",
            new=refused.new,
        )
    if not refused.open:
        return Refused(
            N_("“%(old)s” cannot become “%(new)s”, and no other move is open to you from there."),
            field="status",
            old=refused.old,
            new=refused.new,
        )
    return Refused(
        N_("“%(old)s” cannot become “%(new)s” by your hand. Open to you from there: %(open)s."),
        field="status",
        old=refused.old,
        new=refused.new,
        open=refused.open,
    )
