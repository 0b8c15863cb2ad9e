"""How a decision stands, in words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.decisions.rules import Result, Why

RESULTS: dict[str, str] = {
    "draft": _l("Draft"),
    Result.AHEAD: _l("Not open yet"),
    Result.OPEN: _l("Open"),
    Result.PASSED: _l("Passed"),
    Result.NOT_PASSED: _l("Not passed"),
    Result.WITHDRAWN: _l("Withdrawn"),
}
_WHYS: dict[Why, str] = {
    Why.NO_SAY: _l("No member has a say in it."),
    Why.OBJECTION: _l("A member objects."),
    Why.QUORUM_MISSED: _l("The quorum is missed."),
    Why.NOBODY_OPTED_IN: _l("Nobody opted in."),
    Why.NO_OBJECTION: _l("The quorum answered and nobody objects."),
    Why.OPTED_IN: _l("It binds those who opted in, and nobody else."),
}
_WHYS_SO_FAR: dict[Why, str] = {
    Why.NO_SAY: _l("As it stands it would not pass: no member has a say in it."),
    Why.OBJECTION: _l("As it stands it would not pass: a member objects."),
    Why.QUORUM_MISSED: _l("As it stands it would not pass: the quorum has not answered yet."),
    Why.NOBODY_OPTED_IN: _l("As it stands it would not pass: nobody has opted in."),
    Why.NO_OBJECTION: _l("As it stands it would pass."),
    Why.OPTED_IN: _l("As it stands it would bind those who opted in."),
}


def why_words(outcome: Any) -> str:
    """What decided it, of anything with a `.result` and a `.why`."""
    if outcome.why is None:
        return ""
    return str((_WHYS_SO_FAR if outcome.result is Result.OPEN else _WHYS)[outcome.why])


def rule_words(terms: Any) -> str:
    """The rule, of anything with `.is_opt_in`, `.quorum` and `.silence_is_assent`."""
    quorum = max(1, terms.quorum)
    if terms.is_opt_in:
        return _("Opt-in, with a quorum of %(quorum)s: it binds those who opt in.", quorum=quorum)
    if terms.silence_is_assent:
        return _(
            "Consensus, with a quorum of %(quorum)s: it passes when nobody objects. Silence of "
            "whoever was a member the whole time is assent.",
            quorum=quorum,
        )
    return _(
        "Consensus, with a quorum of %(quorum)s: it passes when the quorum answered and nobody "
        "objects.",
        quorum=quorum,
    )
