"""Where the network stands on a day, and all that needs somebody."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, request

from app.core.permissions import Permission
from app.correspondence.queries import LetterRow, that_wait
from app.correspondence.wording import due_sentence
from app.dashboards.queries import Attention, attention, whole
from app.dashboards.wording import actor_name
from app.deadlines.queries import DeadlineRow, deadlines
from app.decisions.queries.decisions import DecisionRow, decisions, in_their_time
from app.decisions.rules import Result
from app.deliverables.queries import progress
from app.deliverables.queries.judging import Judgement, who_can_act
from app.deliverables.queries.latest import latest_updates
from app.deliverables.queries.listing import PAGE_SIZE
from app.deliverables.queries.parts import PartCounts, counts_by_member
from app.deliverables.rules.attention import Severity
from app.deliverables.wording import flag_sentence
from app.extensions import db
from app.meetings.queries.cadences import cadence_panel
from app.members.queries.members import MemberRow, members
from app.members.queries.network import founded_on, leaders, network
from app.priorities.queries import priorities
from app.sharing.pages import draw, kept, kept_while
from app.web.access import access, actor
from app.web.day import as_of, now
from app.web.paging import Pages, asked_page

blueprint = Blueprint("dashboards", __name__, template_folder="../templates")

MUTED = "muted"
FIRST_DEADLINES = 2
PAST_DEADLINES = 4
FIRST_PRIORITIES = 10
FIRST_NEEDS = 4
FIRST_ACTORS = 5
FIRST_MEMBERS = 14
FIRST_CADENCES = 2
FIRST_UPDATES = 4
SINCE_DAYS = 30  # what the box for a comparison begins with


def _open_decisions() -> tuple[int, ...]:
    return in_their_time(db.session, as_of(), now())


@blueprint.get("/")
@access(Permission.NETWORK_READ)
@kept_while(_open_decisions)
def overview() -> str:
    session, reader, day = db.session, actor(), as_of()
    found_deadlines, found_priorities = deadlines(session, day), priorities(session, day)
    counts = counts_by_member(session, reader, day)
    needed = attention(session, reader, day)
    found_members = _by_load(members(session, day), counts)
    return draw(
        "dashboards/overview.html",
        network=network(session, day),
        founded_on=founded_on(session),
        leaders=leaders(session, day),
        since=day.day - timedelta(days=SINCE_DAYS),
        progress=progress.of_network(session, reader, day),
        ahead=_ahead(found_deadlines),
        past=_past(found_deadlines),
        by_deadline=progress.by_deadline(session, reader, day),
        priorities=found_priorities[:FIRST_PRIORITIES],
        more_priorities=len(found_priorities) - FIRST_PRIORITIES,
        by_priority=progress.by_priority(session, reader, day),
        attention=needed,
        first_needs=whole(session, reader, day, needed.judged[:FIRST_NEEDS]),
        first_actors=FIRST_ACTORS,
        members=found_members[:FIRST_MEMBERS],
        more_members=len(found_members) - FIRST_MEMBERS,
        counts=counts,
        no_parts=PartCounts(),
        by_member=progress.by_member(session, reader, day),
        decisions=_waiting(),
        letters=that_wait(session, reader, day),
        due_sentence=due_sentence,
        cadences=cadence_panel(session, reader, day)[:FIRST_CADENCES],
        updates=latest_updates(session, reader, day, limit=FIRST_UPDATES),
        nothing=progress.NOTHING,
        actor_name=actor_name,
    )


def _waiting() -> list[DecisionRow]:
    """Decisions that are open, those that close first before the others."""
    found = decisions(db.session, actor(), as_of(), now()) if _open_decisions() else ()
    return [row for row in found if row.word == Result.OPEN]


@blueprint.get("/attention")
@access(Permission.NETWORK_READ)
@kept
def needs() -> str:
    """Everything that needs somebody; `who` narrows it to what one of those can act on, `severity`
    to what is so pressing, or to what is muted."""
    found = attention(db.session, actor(), as_of())
    who, severity = request.args.get("who", ""), request.args.get("severity", "")
    chosen = _chosen(found, who, severity)
    pages = Pages(asked_page(), PAGE_SIZE, len(chosen))
    shown = chosen[max(pages.first - 1, 0) : pages.last]
    return draw(
        "dashboards/attention.html",
        attention=found,
        who=who,
        severity=severity if severity in {*Severity, MUTED} else "",
        rows=whole(db.session, actor(), as_of(), shown),
        pages=pages,
        actor_name=actor_name,
        flag_sentence=flag_sentence,
        letters=_letters(who, severity),
        due_sentence=due_sentence,
    )


def _letters(who: str, severity: str) -> list[LetterRow]:
    """As the deliverables are narrowed; no flag of a letter is muted."""
    return [
        row
        for row in that_wait(db.session, actor(), as_of())
        if (not who or who in who_can_act(row.flags))
        and severity in ("", row.flags[0].severity.value)
    ]


def _chosen(found: Attention, who: str, severity: str) -> list[Judgement]:
    if severity == MUTED:
        return list(found.muted)
    return [
        each
        for each in found.judged
        if (not who or who in each.actors)
        and (severity not in set(Severity) or each.severity == severity)
    ]


def _ahead(found: tuple[DeadlineRow, ...]) -> tuple[DeadlineRow, ...]:
    """The next ones, the soonest first."""
    return tuple(deadline for deadline in found if not deadline.is_past)[:FIRST_DEADLINES]


def _past(found: tuple[DeadlineRow, ...]) -> tuple[DeadlineRow, ...]:
    """Those that passed, the latest first."""
    return tuple(deadline for deadline in reversed(found) if deadline.is_past)[:PAST_DEADLINES]


def _by_load(found: tuple[MemberRow, ...], counts: Mapping[int, PartCounts]) -> list[MemberRow]:
    """Whoever leads or is asked to lead most comes first; who has nothing last."""

    def load(member: MemberRow) -> tuple[int, int, str]:
        has = counts.get(member.id, PartCounts())
        return (
            -has.leads - has.asked_to_lead,
            -has.contributes - has.asked_to_contribute,
            member.code,
        )

    return sorted(found, key=load)
