"""What about a deliverable needs somebody: the one place that decides it.

A new flag is a member of Flag, one function and its row in RULES.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.deliverables.rules.moves import ACTIVE, CLOSED, Health, Status
from app.deliverables.rules.mutes import Mute, mute_of
from app.deliverables.rules.progress import days_late, is_late, is_overdue
from app.deliverables.rules.thresholds import Thresholds

NEAR_HORIZON = "near"


class Flag(StrEnum):
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    OFF_TRACK = "off_track"
    AT_RISK = "at_risk"
    STALE = "stale"
    BLOCKED = "blocked"
    DATE_CLASH = "date_clash"
    NO_LEAD = "no_lead"
    LEAD_NOT_ACCEPTED = "lead_not_accepted"
    AWAITING_REVIEW = "awaiting_review"
    UNSCHEDULED = "unscheduled"


class Severity(StrEnum):
    """Most pressing first; compare by `rank`, 0 being the most pressing."""

    ACT_NOW = "act_now"
    SOON = "soon"
    WATCH = "watch"

    @property
    def rank(self) -> int:
        return _SEVERITIES.index(self)


_SEVERITIES = tuple(Severity)
_FLAGS = tuple(Flag)


@dataclass(frozen=True, slots=True)
class DependencyFacts:
    key: str
    due_on: date | None
    status: Status


@dataclass(frozen=True, slots=True)
class DeliverableFacts:
    """As of one day. `leads` are proposed or accepted; who declined or ended is not among them."""

    key: str
    exists_from: date
    status: Status
    status_since: date
    health: Health | None
    last_update_on: date | None
    blocker: str
    due_on: date | None
    horizon: str
    leads: tuple[tuple[str, bool], ...]
    dependencies: tuple[DependencyFacts, ...]
    mutes: tuple[Mute, ...] = ()


@dataclass(frozen=True, slots=True)
class DueFacts:
    """Of anything else with a day, such as a letter; `waits`: somebody still has to act on it."""

    due_on: date | None
    waits: bool
    actors: tuple[str, ...]
    coordinator_acts: bool


@dataclass(frozen=True, slots=True)
class Raised:
    """`actors` are the members who can act; `inputs` is what a sentence about it needs."""

    flag: Flag
    severity: Severity
    actors: tuple[str, ...]
    coordinator_acts: bool
    inputs: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Muted:
    """A flag that holds but does not count."""

    raised: Raised
    mute: Mute


@dataclass(frozen=True, slots=True)
class Judgement:
    """What needs somebody, and what would if it were not muted; each most severe first, then in the
    order of Flag."""

    raised: tuple[Raised, ...]
    muted: tuple[Muted, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    facts: DeliverableFacts
    day: date
    dueness: date
    thresholds: Thresholds

    @property
    def is_close(self) -> bool:
        """Late ones are close, too: what was pressing stays so the day after the due day."""
        due_on = self.facts.due_on
        limit = self.thresholds.stale_when_due_within
        return due_on is not None and (due_on - self.day).days <= limit


Inputs = Mapping[str, object]
Actors = tuple[tuple[str, ...], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """`holds` gives the inputs, or None where the flag does not hold."""

    holds: Callable[[_Case], Inputs | None]
    severity: Severity
    who: Callable[[DeliverableFacts], Actors]
    when_close: Severity | None = None

    def severity_of(self, case: _Case) -> Severity:
        return self.when_close if self.when_close and case.is_close else self.severity


def raised(
    facts: DeliverableFacts, day: date, dueness: date, thresholds: Thresholds
) -> tuple[Raised, ...]:
    """Those that count: what is muted on the day is not among them."""
    return judged(facts, day, dueness, thresholds).raised


def judged(facts: DeliverableFacts, day: date, dueness: date, thresholds: Thresholds) -> Judgement:
    """Only active work raises any.

    `dueness` is the day by whose end things fall due: `day`, or for today the day that is still
    running somewhere on Earth.
    """
    holding = _holding(_Case(facts, day, dueness, thresholds)) if facts.status in ACTIVE else []
    mutes = {each.flag: mute_of(each.flag, facts.mutes, day) for each in holding}
    return Judgement(
        tuple(each for each in holding if mutes[each.flag] is None),
        tuple(Muted(each, mute) for each in holding if (mute := mutes[each.flag]) is not None),
    )


def _holding(case: _Case) -> list[Raised]:
    found = [
        Raised(flag, rule.severity_of(case), *rule.who(case.facts), inputs)
        for flag, rule in RULES.items()
        if (inputs := rule.holds(case)) is not None
    ]
    return sorted(found, key=lambda r: (r.severity.rank, _FLAGS.index(r.flag)))


def raised_by_day(
    facts: DueFacts, day: date, dueness: date, thresholds: Thresholds
) -> tuple[Raised, ...]:
    """The flags of what is no deliverable and has a day all the same."""
    if not facts.waits or facts.due_on is None:
        return ()
    holding = {
        Flag.OVERDUE: _late(facts.due_on, dueness),
        Flag.DUE_SOON: _soon(facts.due_on, day, dueness, thresholds),
    }
    return tuple(
        Raised(flag, RULES[flag].severity, facts.actors, facts.coordinator_acts, inputs)
        for flag, inputs in holding.items()
        if inputs is not None
    )


def _overdue(case: _Case) -> Inputs | None:
    due_on = case.facts.due_on
    return None if due_on is None else _late(due_on, case.dueness)


def _due_soon(case: _Case) -> Inputs | None:
    due_on = case.facts.due_on
    if due_on is None or case.facts.status is Status.IN_REVIEW:
        return None
    return _soon(due_on, case.day, case.dueness, case.thresholds)


def _late(due_on: date, dueness: date) -> Inputs | None:
    if not is_late(due_on, dueness):
        return None
    return {"due_on": due_on, "days_late": days_late(due_on, None, dueness)}


def _soon(due_on: date, day: date, dueness: date, thresholds: Thresholds) -> Inputs | None:
    limit, days_left = thresholds.due_soon_days, (due_on - day).days
    # By dueness: what still runs somewhere on Earth is due, not yet overdue.
    if is_late(due_on, dueness) or days_left > limit:
        return None
    return {"due_on": due_on, "days_left": max(0, days_left), "threshold_days": limit}


def _off_track(case: _Case) -> Inputs | None:
    return _health_inputs(case, Health.OFF_TRACK)


def _at_risk(case: _Case) -> Inputs | None:
    return _health_inputs(case, Health.AT_RISK)


def _health_inputs(case: _Case, health: Health) -> Inputs | None:
    facts = case.facts
    if facts.health is not health:
        return None
    return {"health": health, "updated_on": facts.last_update_on}


def _stale(case: _Case) -> Inputs | None:
    facts, thresholds = case.facts, case.thresholds
    limit = thresholds.stale_days_when_due if case.is_close else thresholds.stale_days
    days = (case.day - (facts.last_update_on or facts.exists_from)).days
    if days < limit:
        return None
    return {
        "days_since": days,
        "last_update_on": facts.last_update_on,
        "exists_from": facts.exists_from,
        "threshold_days": limit,
        "due_on": facts.due_on,
    }


def _blocked(case: _Case) -> Inputs | None:
    blocker = case.facts.blocker.strip()
    late = tuple(
        needed.key
        for needed in case.facts.dependencies
        if is_overdue(needed.status, needed.due_on, case.dueness)
    )
    if not blocker and not late:
        return None
    return {"blocker": blocker, "overdue_dependencies": late}


def _date_clash(case: _Case) -> Inputs | None:
    due_on = case.facts.due_on
    later = {
        needed.key: needed.due_on
        for needed in case.facts.dependencies
        if needed.status not in CLOSED and due_on and needed.due_on and due_on < needed.due_on
    }
    return {"due_on": due_on, "dependencies": later} if later else None


def _no_lead(case: _Case) -> Inputs | None:
    return None if case.facts.leads else {"due_on": case.facts.due_on}


def _lead_not_accepted(case: _Case) -> Inputs | None:
    leads = case.facts.leads
    if not leads or any(accepted for _, accepted in leads):
        return None
    return {"leads": tuple(code for code, _ in leads), "due_on": case.facts.due_on}


def _awaiting_review(case: _Case) -> Inputs | None:
    facts, limit = case.facts, case.thresholds.review_days
    days = (case.day - facts.status_since).days
    if facts.status is not Status.IN_REVIEW or days <= limit:
        return None
    return {"in_review_since": facts.status_since, "days_since": days, "threshold_days": limit}


def _unscheduled(case: _Case) -> Inputs | None:
    facts = case.facts
    if facts.horizon != NEAR_HORIZON or facts.due_on is not None:
        return None
    return {"horizon": facts.horizon}


def _whoever_holds_it(facts: DeliverableFacts) -> Actors:
    """Nobody is on the hook before they accept, and work in review waits for a coordinator."""
    accepted = tuple(code for code, has_accepted in facts.leads if has_accepted)
    if facts.status is Status.IN_REVIEW or not accepted:
        return (), True
    return accepted, False


def _those_asked_to_lead(facts: DeliverableFacts) -> Actors:
    """They can answer; a coordinator can ask somebody else."""
    return tuple(code for code, _ in facts.leads), True


def _coordinator(_: DeliverableFacts) -> Actors:
    return (), True


_NOW, _SOON, _WATCH = Severity.ACT_NOW, Severity.SOON, Severity.WATCH

RULES: dict[Flag, Rule] = {
    Flag.OVERDUE: Rule(_overdue, _NOW, _whoever_holds_it),
    Flag.DUE_SOON: Rule(_due_soon, _SOON, _whoever_holds_it),
    Flag.OFF_TRACK: Rule(_off_track, _NOW, _whoever_holds_it),
    Flag.AT_RISK: Rule(_at_risk, _SOON, _whoever_holds_it),
    Flag.STALE: Rule(_stale, _WATCH, _whoever_holds_it),
    Flag.BLOCKED: Rule(_blocked, _NOW, _whoever_holds_it),
    Flag.DATE_CLASH: Rule(_date_clash, _SOON, _coordinator),
    Flag.NO_LEAD: Rule(_no_lead, _SOON, _coordinator, when_close=_NOW),
    Flag.LEAD_NOT_ACCEPTED: Rule(_lead_not_accepted, _SOON, _those_asked_to_lead, when_close=_NOW),
    Flag.AWAITING_REVIEW: Rule(_awaiting_review, _SOON, _coordinator),
    Flag.UNSCHEDULED: Rule(_unscheduled, _WATCH, _coordinator),
}
