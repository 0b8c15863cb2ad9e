from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from deliverable_facts import CALM, DAY, USUAL, facts, thresholds
from hypothesis import given, settings
from hypothesis import strategies as st

from app.deliverables.rules.attention import (
    RULES,
    DeliverableFacts,
    DependencyFacts,
    Flag,
    Raised,
    Severity,
    raised,
)
from app.deliverables.rules.moves import Status
from app.deliverables.rules.thresholds import BadThresholds, Thresholds

# The slow twins: each flag in the words of the domain, from scratch.
ACTIVE = {"not_started", "in_progress", "in_review"}


def days_to(day: date | None) -> int:
    """From DAY on; a day that is none is further away than any."""
    return 10**6 if day is None else (day - DAY).days


def is_late(status: str, due_on: date | None, dueness: date) -> bool:
    return status in ACTIVE and due_on is not None and (dueness - due_on).days > 0


def has_no_recent_update(f: DeliverableFacts, t: Thresholds) -> bool:
    last = f.exists_from if f.last_update_on is None else f.last_update_on
    if days_to(f.due_on) <= t.stale_when_due_within:
        return -days_to(last) >= t.stale_days_when_due
    return -days_to(last) >= t.stale_days


def waits_for_a_later_one(f: DeliverableFacts) -> bool:
    for needed in f.dependencies:
        is_settled = needed.status in {"delivered", "dropped"}
        if not is_settled and needed.due_on and f.due_on and needed.due_on > f.due_on:
            return True
    return False


Twin = Callable[[DeliverableFacts, date, Thresholds], bool]
TWINS: dict[str, Twin] = {
    "overdue": lambda f, d, t: is_late(f.status, f.due_on, d),
    "due_soon": lambda f, d, t: (
        f.status != "in_review"
        and days_to(f.due_on) <= t.due_soon_days
        and not is_late(f.status, f.due_on, d)
    ),
    "off_track": lambda f, d, t: f.health == "off_track",
    "at_risk": lambda f, d, t: f.health == "at_risk",
    "stale": lambda f, d, t: has_no_recent_update(f, t),
    "blocked": lambda f, d, t: (
        bool(f.blocker.strip()) or any(is_late(n.status, n.due_on, d) for n in f.dependencies)
    ),
    "date_clash": lambda f, d, t: waits_for_a_later_one(f),
    "no_lead": lambda f, d, t: len(f.leads) == 0,
    "lead_not_accepted": lambda f, d, t: bool(f.leads) and not any(ok for _, ok in f.leads),
    "awaiting_review": lambda f, d, t: (
        f.status == "in_review" and -days_to(f.status_since) > t.review_days
    ),
    "unscheduled": lambda f, d, t: f.horizon == "near" and f.due_on is None,
}
SEVERITIES = {
    "overdue": "act_now",
    "off_track": "act_now",
    "blocked": "act_now",
    "due_soon": "soon",
    "at_risk": "soon",
    "date_clash": "soon",
    "no_lead": "soon",
    "lead_not_accepted": "soon",
    "awaiting_review": "soon",
    "stale": "watch",
    "unscheduled": "watch",
}


def severity_by_hand(flag: str, f: DeliverableFacts, t: Thresholds) -> str:
    is_close = days_to(f.due_on) <= t.stale_when_due_within
    if flag in {"no_lead", "lead_not_accepted"} and is_close:
        return "act_now"
    return SEVERITIES[flag]


@settings(max_examples=400)
@given(facts, st.integers(0, 1), thresholds)
def test_a_flag_is_raised_exactly_where_its_slow_twin_holds(
    facts: DeliverableFacts, hours_behind: int, thresholds: Thresholds
) -> None:
    dueness = DAY - timedelta(hours_behind)
    found = raised(facts, DAY, dueness, thresholds)
    expected = {
        flag
        for flag, holds in TWINS.items()
        if facts.status in ACTIVE and holds(facts, dueness, thresholds)
    }
    assert {r.flag.value for r in found} == expected
    for one in found:
        assert one.severity == severity_by_hand(one.flag, facts, thresholds)


@given(facts, thresholds)
def test_flags_come_most_severe_first_then_in_their_own_order(
    facts: DeliverableFacts, thresholds: Thresholds
) -> None:
    found = raised(facts, DAY, DAY, thresholds)
    severities, flags = ["act_now", "soon", "watch"], list(TWINS)
    places = [(severities.index(r.severity), flags.index(r.flag)) for r in found]
    assert places == sorted(set(places))


@given(facts, thresholds)
def test_somebody_can_act_on_every_flag_and_nobody_who_has_not_been_asked(
    facts: DeliverableFacts, thresholds: Thresholds
) -> None:
    for one in raised(facts, DAY, DAY, thresholds):
        assert one.actors or one.coordinator_acts
        assert set(one.actors) <= {code for code, _ in facts.leads}
        if one.flag is not Flag.LEAD_NOT_ACCEPTED:
            assert set(one.actors) <= {code for code, accepted in facts.leads if accepted}


def test_every_flag_has_its_row_and_its_twin_in_the_same_order() -> None:
    assert list(RULES) == list(Flag)
    assert [flag.value for flag in Flag] == list(TWINS)


def test_severities_have_an_order() -> None:
    assert sorted(Severity, key=lambda s: s.rank) == ["act_now", "soon", "watch"]


def only(facts: DeliverableFacts, day: date = DAY, thresholds: Thresholds = USUAL) -> Raised:
    (found,) = raised(facts, day, day, thresholds)
    return found


def flags(facts: DeliverableFacts, dueness: date = DAY) -> set[str]:
    return {r.flag.value for r in raised(facts, DAY, dueness, USUAL)}


def test_calm_work_raises_nothing() -> None:
    assert raised(CALM, DAY, DAY, USUAL) == ()


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.DEFERRED, Status.DROPPED])
def test_what_is_not_active_raises_nothing(status: Status) -> None:
    worst = replace(CALM, status=status, due_on=date(2020, 1, 1), blocker="All", leads=())
    assert raised(worst, DAY, DAY, USUAL) == ()


def test_an_overdue_flag_says_since_when_and_whose_it_is() -> None:
    due_on = DAY - timedelta(30)
    found = only(replace(CALM, due_on=due_on))
    assert (found.flag, found.severity) == (Flag.OVERDUE, Severity.ACT_NOW)
    assert found.inputs == {"due_on": due_on, "days_late": 30}
    assert (found.actors, found.coordinator_acts) == (("GB",), False)


def test_what_is_due_today_is_due_soon_and_overdue_only_after() -> None:
    assert flags(replace(CALM, due_on=DAY)) == {"due_soon"}
    assert flags(replace(CALM, due_on=DAY - timedelta(1))) == {"overdue"}


def test_nothing_is_overdue_while_its_day_still_runs_somewhere() -> None:
    yesterday = DAY - timedelta(1)
    assert "overdue" not in flags(replace(CALM, due_on=yesterday), dueness=yesterday)


@pytest.mark.parametrize(
    ("days_ahead", "days_since", "is_stale"),
    [(31, 29, False), (31, 30, True), (30, 6, False), (30, 7, True), (-1, 7, True), (-1, 6, False)],
)
def test_silence_is_stale_sooner_when_the_due_day_is_close_or_past(
    days_ahead: int, days_since: int, is_stale: bool
) -> None:
    due_on, last = DAY + timedelta(days_ahead), DAY - timedelta(days_since)
    assert ("stale" in flags(replace(CALM, due_on=due_on, last_update_on=last))) == is_stale


def test_silence_counts_from_the_first_day_where_there_was_no_update() -> None:
    found = only(replace(CALM, last_update_on=None, exists_from=DAY - timedelta(45)))
    assert found.flag is Flag.STALE
    assert (found.inputs["days_since"], found.inputs["last_update_on"]) == (45, None)
    assert found.inputs["threshold_days"] == 30


def test_a_block_names_its_blocker_and_every_dependency_that_is_late() -> None:
    late = DependencyFacts("statement", DAY - timedelta(1), Status.IN_PROGRESS)
    deferred = replace(late, key="criteria", status=Status.DEFERRED)
    found = only(replace(CALM, blocker=" No budget ", dependencies=(late, deferred)))
    assert found.inputs == {"blocker": "No budget", "overdue_dependencies": ("statement",)}


def test_a_clash_names_the_dependencies_that_fall_due_later() -> None:
    later = DependencyFacts("statement", DAY + timedelta(61), Status.DEFERRED)
    same_day = replace(later, key="criteria", due_on=CALM.due_on)
    settled = replace(later, key="leadership", status=Status.DELIVERED)
    found = only(replace(CALM, dependencies=(later, same_day, settled)))
    assert (found.flag, found.coordinator_acts) == (Flag.DATE_CLASH, True)
    assert found.inputs["dependencies"] == {"statement": DAY + timedelta(61)}


def test_those_who_were_asked_to_lead_can_answer() -> None:
    found = only(replace(CALM, leads=(("GB", False), ("SG", False))))
    assert (found.flag, found.severity) == (Flag.LEAD_NOT_ACCEPTED, Severity.SOON)
    assert (found.actors, found.coordinator_acts) == (("GB", "SG"), True)


def test_a_missing_lead_becomes_pressing_as_the_due_day_comes_close() -> None:
    far, close = DAY + timedelta(31), DAY + timedelta(30)
    assert only(replace(CALM, leads=(), due_on=far)).severity is Severity.SOON
    assert only(replace(CALM, leads=(), due_on=close)).severity is Severity.ACT_NOW


def test_a_review_waits_for_the_coordinator_after_seven_days() -> None:
    week = replace(CALM, status=Status.IN_REVIEW, status_since=DAY - timedelta(7))
    assert raised(week, DAY, DAY, USUAL) == ()
    found = only(replace(week, status_since=DAY - timedelta(8)))
    assert (found.flag, found.actors, found.coordinator_acts) == (Flag.AWAITING_REVIEW, (), True)


def test_late_work_in_review_is_the_coordinators_to_settle() -> None:
    late = replace(CALM, status=Status.IN_REVIEW, status_since=DAY, due_on=DAY - timedelta(1))
    assert (only(late).actors, only(late).coordinator_acts) == ((), True)


def test_settings_replace_the_thresholds_they_name() -> None:
    assert Thresholds.from_mapping({"review_days": 0}) == Thresholds(14, 30, 7, 30, 0, 7)
    assert Thresholds.from_mapping({}) == USUAL


def test_every_fault_in_the_settings_is_named() -> None:
    with pytest.raises(BadThresholds) as fault:
        Thresholds.from_mapping(
            {
                "due_soon": 3,
                "review_days": -1,
                "stale_days": True,
                "due_soon_days": "14",
                "report_days": 366,
            }
        )
    assert fault.value.unknown == ("due_soon",)
    assert fault.value.invalid == ("due_soon_days", "report_days", "review_days", "stale_days")


def test_what_was_due_yesterday_is_due_soon_while_that_day_runs_anywhere_on_earth() -> None:
    yesterday = DAY - timedelta(days=1)
    late = replace(CALM, due_on=yesterday)
    found = raised(late, DAY, yesterday, Thresholds())
    assert [(r.flag, r.inputs["days_left"]) for r in found] == [("due_soon", 0)]
