"""A proposed agenda in words, in the language of whoever proposes it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import ngettext

from app.agendas.models import ProposedItem
from app.agendas.queries.carrying import CarriedItem, Reason
from app.agendas.queries.escalations import Escalated
from app.agendas.queries.proposal import DeadlineAhead, Facts, OpenAction, Waiting
from app.agendas.queries.round import Change, Round
from app.agendas.rules.content import DELIVERABLE_PAGE
from app.agendas.rules.schedule import Draft, ItemKind
from app.core.errors import N_
from app.core.markdown import escaped
from app.core.markings import OPEN_TO_ACCOUNTS
from app.deliverables.queries.listing import DeliverableRow
from app.deliverables.rules.attention import Severity
from app.deliverables.wording import flag_sentence
from app.web.labels import label
from app.web.languages import day_range, day_text, locale, territory

MOST_LINES = 30
WHY_CARRIED = {
    Reason.NOT_REACHED: N_("It was not reached at the last meeting (%(meeting)s)."),
    Reason.OPEN_ACTION: N_("An action from it is still open (%(meeting)s)."),
    Reason.RECURRING: N_("It is marked as recurring (%(meeting)s)."),
}
T = TypeVar("T")


def proposal(facts: Facts) -> tuple[Draft, ...]:
    """The items, in the order in which an agenda has them."""
    return (
        _adoption(),
        *_actions(facts.actions, facts.day),
        *(_carried(carried) for carried in facts.carried),
        *(escalated(escalation) for escalation in facts.escalations),
        *(_deadline(deadline, facts.day) for deadline in facts.deadlines),
        *_left_over(facts.left_over),
        *(_narrow(row) for row in facts.narrow),
        *(_decision(waiting) for waiting in facts.decisions),
        *(_question(waiting) for waiting in facts.questions),
        _round(facts.round),
        *(_proposed(proposed) for proposed in facts.proposed),
        _next(facts.next_on, facts.next_title),
    )


def _adoption() -> Draft:
    return Draft(
        kind=ItemKind.OPENING,
        title=_("Adoption of the agenda"),
        why=_("A meeting begins by adopting its agenda."),
    )


def _actions(actions: Sequence[OpenAction], day: date) -> list[Draft]:
    """Those that every account may read in one item, each narrower one in an item of its own."""
    open_ones = [action for action in actions if action.marking in OPEN_TO_ACCOUNTS]
    drafts = [_action_list(open_ones, day)] if open_ones else []
    return drafts + [
        Draft(
            kind=ItemKind.STATUS_REVIEW,
            title=_("Open action: %(who)s", who=territory(action.code, action.name)),
            why=_("An earlier meeting asked for it, and it is open."),
            note=escaped(action.task),
            severity=_urgency([action], day),
            marking=action.marking,
            audience_id=action.audience_id,
            action_id=action.id,
        )
        for action in actions
        if action.marking not in OPEN_TO_ACCOUNTS
    ]


def _action_list(actions: Sequence[OpenAction], day: date) -> Draft:
    why = ngettext(
        "%(num)s action that an earlier meeting asked for is open.",
        "%(num)s actions that earlier meetings asked for are open.",
        len(actions),
    )
    return Draft(
        kind=ItemKind.STATUS_REVIEW,
        title=_("Open actions"),
        why=why,
        note=_bullets(actions, _action_line),
        severity=_urgency(actions, day),
    )


def _action_line(action: OpenAction) -> str:
    who, task = territory(action.code, action.name), escaped(action.task)
    if action.due_on is None:
        return _("%(who)s: %(task)s", who=who, task=task)
    return _("%(who)s: %(task)s (due %(day)s)", who=who, task=task, day=day_text(action.due_on))


def _urgency(actions: Iterable[OpenAction], day: date) -> Severity:
    is_late = any(action.due_on is not None and action.due_on < day for action in actions)
    return Severity.ACT_NOW if is_late else Severity.WATCH


def escalated(escalation: Escalated) -> Draft:
    return Draft(
        kind=ItemKind.DISCUSSION,
        title=escalation.title,
        why=_("A coordinator put it before the meeting."),
        note=_(
            "%(deliverable)s: %(reason)s",
            deliverable=_link(escalation.key, escalation.title),
            reason=escaped(escalation.reason),
        ),
        severity=Severity.ACT_NOW,
        marking=escalation.marking,
        audience_id=escalation.audience_id,
        deliverable_id=escalation.deliverable_id,
        escalation_id=escalation.id,
    )


def _carried(carried: CarriedItem) -> Draft:
    item = carried.item
    return Draft(
        kind=item.kind,
        title=item.title,
        why=_(WHY_CARRIED[carried.reason]) % {"meeting": carried.meeting},
        note=item.note,
        marking=item.marking,
        audience_id=item.audience_id,
        presenting_member_id=item.presenting_member_id,
        deliverable_id=item.deliverable_id,
        deadline_id=item.deadline_id,
        question_id=item.question_id,
        decision_id=item.decision_id,
        action_id=item.action_id,
        carried_from_id=item.id,
        is_recurring=item.is_recurring,
        wanted=item.minutes or None,
    )


def _proposed(proposed: ProposedItem) -> Draft:
    return Draft(
        kind=proposed.kind,
        title=proposed.title,
        why=_("A member proposed it, and a coordinator took it up."),
        note=proposed.note,
        marking=proposed.marking,
        audience_id=proposed.audience_id,
        presenting_member_id=proposed.member_id,
        proposed_item_id=proposed.id,
        wanted=proposed.minutes or None,
    )


def _deadline(deadline: DeadlineAhead, day: date) -> Draft:
    when = day_range(deadline.starts_on, deadline.ends_on, deadline.precision)
    why = ngettext(
        "It is ahead, and %(num)s deliverable due by then needs attention.",
        "It is ahead, and %(num)s deliverables due by then need attention.",
        len(deadline.rows),
    )
    quiet = _("It is ahead. Nothing due by then needs attention.")
    return Draft(
        kind=ItemKind.STATUS_REVIEW if deadline.rows else ItemKind.INFORMATION,
        title=_("%(deadline)s, %(when)s", deadline=deadline.title, when=when),
        why=why if deadline.rows else quiet,
        note=_bullets(deadline.rows, _deliverable_line),
        severity=_severest(deadline.rows),
        deadline_id=deadline.id,
    )


def _left_over(rows: Sequence[DeliverableRow]) -> list[Draft]:
    if not rows:
        return []
    why = ngettext(
        "%(num)s deliverable is overdue from an earlier deadline, has a day of its own or has "
        "none, and needs attention.",
        "%(num)s deliverables are overdue from an earlier deadline, have a day of their own or "
        "have none, and need attention.",
        len(rows),
    )
    return [
        Draft(
            kind=ItemKind.STATUS_REVIEW,
            title=_("Overdue, undated and other work"),
            why=why,
            note=_bullets(rows, _deliverable_line),
            severity=_severest(rows),
        )
    ]


def _narrow(row: DeliverableRow) -> Draft:
    return Draft(
        kind=ItemKind.STATUS_REVIEW,
        title=row.title,
        why=_("It needs attention, and it is marked %(marking)s.", marking=row.shown_marking.label),
        note=_bullets([row], _deliverable_line),
        severity=_severest([row]),
        marking=row.shown_marking,
        deliverable_id=row.id,
    )


def _decision(waiting: Waiting) -> Draft:
    return Draft(
        kind=ItemKind.DECISION,
        title=waiting.title,
        why=_("It was put to the members and is open."),
        note=waiting.text,
        severity=Severity.SOON,
        marking=waiting.marking,
        audience_id=waiting.audience_id,
        decision_id=waiting.id,
    )


def _question(waiting: Waiting) -> Draft:
    return Draft(
        kind=ItemKind.DISCUSSION,
        title=waiting.title,
        why=_("This question before the network is not decided."),
        note=_("Recommendation: %(text)s", text=escaped(waiting.text)) if waiting.text else "",
        question_id=waiting.id,
    )


def _round(found: Round) -> Draft:
    with_changes = [member for member in found.members if member.changes]
    quiet = [territory(m.code, m.name) for m in found.members if not m.changes]
    lines = [
        _("%(member)s: %(changes)s", member=territory(m.code, m.name), changes=_changes(m.changes))
        for m in with_changes
    ]
    if found.others:
        lines.append(_("With no member named: %(changes)s", changes=_changes(found.others)))
    if quiet:
        lines.append(_("Nothing recorded: %(members)s.", members=_list(quiet)))
    return Draft(
        kind=ItemKind.INFORMATION,
        title=_("Round of the members"),
        why=_round_reason(found),
        note=_bullets(lines, str),
    )


def _round_reason(found: Round) -> str:
    if found.since is None:
        return _("The series has not met yet, so everything that was logged is new to it.")
    since = found.since
    when = day_range(since.starts_on, since.ends_on, since.precision)
    return _("What was logged since the last meeting of the series (%(when)s).", when=when)


def _changes(changes: Sequence[Change]) -> str:
    """The newest five; how many more there are is said."""
    told = [
        _(
            "%(deliverable)s (%(status)s, %(day)s)",
            deliverable=_link(change.key, change.title),
            status=label(change.status),
            day=day_text(change.effective_on, change.precision),
        )
        for change in changes[-5:]
    ]
    more = len(changes) - len(told)
    if more:
        told.append(ngettext("%(num)s earlier change", "%(num)s earlier changes", more))
    return "; ".join(told)


def _next(next_on: date | None, title: str) -> Draft:
    if next_on is None:
        note = ""
    elif title:
        note = _("Planned: %(title)s, %(day)s.", title=escaped(title), day=day_text(next_on))
    else:
        note = _("The cadence has it about %(day)s.", day=day_text(next_on))
    return Draft(
        kind=ItemKind.CLOSING,
        title=_("Next meeting"),
        why=_("A meeting ends by agreeing when the next one is."),
        note=note,
    )


def _deliverable_line(row: DeliverableRow) -> str:
    sentences = [escaped(flag_sentence(raised)) for raised in row.flags]
    who = {territory(code): None for raised in row.flags for code in raised.actors}
    if any(raised.coordinator_acts for raised in row.flags):
        who[_("a coordinator")] = None
    sentences.append(_("Can act: %(who)s.", who=_list(list(who))))
    return _(
        "%(deliverable)s (%(status)s): %(sentences)s",
        deliverable=_link(row.key, row.title),
        status=label(row.status),
        sentences=" ".join(sentences),
    )


def _link(key: str, title: str) -> str:
    return f"[{escaped(title)}]({DELIVERABLE_PAGE}{key})"


def _severest(rows: Sequence[DeliverableRow]) -> Severity | None:
    severities = (row.flags[0].severity for row in rows)
    return min(severities, key=lambda severity: severity.rank, default=None)


def _bullets(things: Sequence[T], line: Callable[[T], str]) -> str:
    lines = [f"- {line(thing)}" for thing in things[:MOST_LINES]]
    more = len(things) - len(lines)
    if more > 0:
        lines.append("- " + ngettext("and %(num)s more", "and %(num)s more", more))
    return "\n".join(lines)


def _list(words: Sequence[str]) -> str:
    return str(format_list(list(words), locale=locale()))
