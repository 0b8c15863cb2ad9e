"""What a raised flag says, as a sentence for people: the rule and the inputs that raised it."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.deliverables.queries.groups import Need
from app.deliverables.rules.attention import Flag, Raised
from app.deliverables.rules.forecast import Forecast, Shortage, Verdict
from app.deliverables.rules.thresholds import Thresholds
from app.web.labels import label
from app.web.languages import day_text, percent

NEEDS: dict[Need, str] = {
    Need.ACT_NOW: _l("Act now"),
    Need.SOON: _l("Act soon"),
    Need.WATCH: _l("Keep an eye on"),
    Need.ON_COURSE: _l("Nothing to do now"),
    Need.DEFERRED: _l("Deferred"),
    Need.DELIVERED_LATE: _l("Delivered late"),
    Need.DELIVERED: _l("Delivered"),
    Need.DROPPED: _l("Dropped, not counted"),
}


def flag_sentence(raised: Raised) -> str:
    """Why the flag holds."""
    return _SENTENCES[raised.flag](dict(raised.inputs))


def _overdue(given: dict[str, Any]) -> str:
    return ngettext(
        "Was due by %(day)s: %(num)s day ago.",
        "Was due by %(day)s: %(num)s days ago.",
        given["days_late"],
        day=day_text(given["due_on"]),
    )


def _due_soon(given: dict[str, Any]) -> str:
    if given["days_left"] == 0:
        return _("Due today and not yet in review.")
    return ngettext(
        "Due in %(num)s day and not yet in review.",
        "Due in %(num)s days and not yet in review.",
        given["days_left"],
    )


def _off_track(given: dict[str, Any]) -> str:
    return _("Its latest update, of %(day)s, says off track.", day=day_text(given["updated_on"]))


def _at_risk(given: dict[str, Any]) -> str:
    return _("Its latest update, of %(day)s, says at risk.", day=day_text(given["updated_on"]))


def _stale(given: dict[str, Any]) -> str:
    if given["last_update_on"] is None:
        return ngettext(
            "No update since it was planned, %(num)s day ago.",
            "No update since it was planned, %(num)s days ago.",
            given["days_since"],
        )
    return ngettext(
        "No update for %(num)s day; one is expected after %(limit)s.",
        "No update for %(num)s days; one is expected after %(limit)s.",
        given["days_since"],
        limit=given["threshold_days"],
    )


def _blocked(given: dict[str, Any]) -> str:
    if given["blocker"]:
        return _("Its latest update names what blocks it: %(blocker)s", blocker=given["blocker"])
    return _("It needs what is overdue: %(keys)s.", keys=", ".join(given["overdue_dependencies"]))


def _date_clash(given: dict[str, Any]) -> str:
    return _("It is due before what it needs: %(keys)s.", keys=", ".join(given["dependencies"]))


def _no_lead(_given: dict[str, Any]) -> str:
    return _("No member leads it, and none is asked to.")


def _lead_not_accepted(given: dict[str, Any]) -> str:
    return _("Asked to lead, but has not accepted: %(codes)s.", codes=", ".join(given["leads"]))


def _awaiting_review(given: dict[str, Any]) -> str:
    return ngettext(
        "In review for %(num)s day; a coordinator accepts it or sends it back.",
        "In review for %(num)s days; a coordinator accepts it or sends it back.",
        given["days_since"],
    )


def _unscheduled(_given: dict[str, Any]) -> str:
    return _("Its priority is near at hand, but it has no due day.")


_SENTENCES = {
    Flag.OVERDUE: _overdue,
    Flag.DUE_SOON: _due_soon,
    Flag.OFF_TRACK: _off_track,
    Flag.AT_RISK: _at_risk,
    Flag.STALE: _stale,
    Flag.BLOCKED: _blocked,
    Flag.DATE_CLASH: _date_clash,
    Flag.NO_LEAD: _no_lead,
    Flag.LEAD_NOT_ACCEPTED: _lead_not_accepted,
    Flag.AWAITING_REVIEW: _awaiting_review,
    Flag.UNSCHEDULED: _unscheduled,
}


def rule_sentence(flag: Flag, limits: Thresholds) -> str:
    """When a flag holds, with the network's own thresholds."""
    return _RULES[flag](limits)


def _days(number: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", number)


_RULES: dict[Flag, Callable[[Thresholds], str]] = {
    Flag.OVERDUE: lambda _limits: _(
        "The due day is over anywhere on Earth, and it is neither delivered, dropped nor deferred."
    ),
    Flag.DUE_SOON: lambda limits: _(
        "It is due within %(days)s and not yet in review.", days=_days(limits.due_soon_days)
    ),
    Flag.OFF_TRACK: lambda _limits: _("The latest update says so."),
    Flag.AT_RISK: lambda _limits: _("The latest update says so."),
    Flag.STALE: lambda limits: _(
        "Work is going on, and there has been no update for %(days)s, or for %(fewer)s where it "
        "is due within %(close)s or late.",
        days=_days(limits.stale_days),
        fewer=_days(limits.stale_days_when_due),
        close=_days(limits.stale_when_due_within),
    ),
    Flag.BLOCKED: lambda _limits: _(
        "The latest update names what blocks it, or something that it needs is overdue."
    ),
    Flag.DATE_CLASH: lambda _limits: _("It is due before something that it needs."),
    Flag.NO_LEAD: lambda _limits: _("No member leads it or is asked to."),
    Flag.LEAD_NOT_ACCEPTED: lambda _limits: _("Members are asked to lead it; none has accepted."),
    Flag.AWAITING_REVIEW: lambda limits: _(
        "It has been in review for more than %(days)s.", days=_days(limits.review_days)
    ),
    Flag.UNSCHEDULED: lambda _limits: _("Its priority is of the near horizon; it has no due day."),
}


def forecast_words(forecast: Forecast) -> str:
    """The chance, or why there is none."""
    if forecast.verdict is Verdict.CHANCE:
        return percent(forecast.chance)
    if forecast.verdict is Verdict.THIN:
        return _("No number: %(reasons)s", reasons=" ".join(map(_shortage, forecast.shortages)))
    return str(_VERDICTS[forecast.verdict])


def _shortage(shortage: Shortage) -> str:
    if shortage.status is None:
        return ngettext(
            "%(num)s delivery was seen on its way so far, %(needed)s are needed.",
            "%(num)s deliveries were seen on their way so far, %(needed)s are needed.",
            shortage.found,
            needed=shortage.needed,
        )
    return ngettext(
        "“%(status)s” was left %(num)s time so far, %(needed)s are needed.",
        "“%(status)s” was left %(num)s times so far, %(needed)s are needed.",
        shortage.found,
        status=label(shortage.status),
        needed=shortage.needed,
    )


_VERDICTS: dict[Verdict, str] = {
    Verdict.IN_TIME: _l("Delivered in time"),
    Verdict.TOO_LATE: _l("Too late already"),
    Verdict.RESTING: _l("Deferred: nothing can be said"),
    Verdict.UNDATED: _l("Has no due day"),
    Verdict.OUT: _l("Dropped"),
}
