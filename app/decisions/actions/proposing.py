"""Drafting a proposal, putting it to the members, and taking it back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.audit.writing import Line, add, change
from app.core.clock import today
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.keys import first_free, stem_of
from app.core.permissions import Actor, Permission, can
from app.decisions.models import Decision, Settlement
from app.decisions.rules import DecisionState
from app.members.models import DecisionRule
from app.notices.actions import happened
from app.notices.rules import Happening as News
from app.sharing.actions import audience_of, sharing_of
from app.sharing.rules import Sharing, settled

SHORTEST = timedelta(hours=1)
NOT_A_DRAFT = N_("It was put to the members: its text and its rule do not change any more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalEntry:
    title: str
    proposal: str
    rule: DecisionRule
    quorum: int
    silence_is_assent: bool
    opens_at: datetime | None
    """None: as soon as it is put."""
    closes_at: datetime
    sharing: Sharing
    question_id: int | None = None
    deliverable_id: int | None = None


def draft(session: Session, actor: Actor, entry: ProposalEntry, now: datetime) -> Decision:
    """Only those who put decisions know of it yet."""
    _check_actor(actor)
    _check_entry(entry, now)
    shared = settled(entry.sharing, actor.account_id)
    columns = _columns(entry)
    decision = Decision(
        key=_free_key(session, entry.title),
        state=DecisionState.DRAFT,
        created_by_id=actor.account_id,
        exists_from=today(now),
        marking=shared.marking,
        audience_id=audience_of(session, shared),
        **columns,
    )
    # The text stays with the decision: the trail is read by more people than that.
    traced = {name: columns[name] for name in ("rule", "quorum", "opens_at", "closes_at")}
    add(session, decision, traced, _line(actor, "decision.draft", decision, now))
    return decision


def redraft(
    session: Session,
    actor: Actor,
    decision: Decision,
    entry: ProposalEntry,
    seen_version: int,
    now: datetime,
) -> bool:
    """Change a draft; False when nothing differs. Raises Conflict when somebody changed it since
    `seen_version`."""
    _check_actor(actor)
    _check_version(decision, seen_version)
    if decision.state is not DecisionState.DRAFT:
        raise Refused(NOT_A_DRAFT)
    _check_entry(entry, now)
    columns = _columns(entry)
    shared = settled(entry.sharing, decision.created_by_id)
    if sharing_of(session, decision) != shared:
        columns |= {"marking": shared.marking, "audience_id": audience_of(session, shared)}
    line = _line(actor, "decision.redraft", decision, now)
    # The text stays with the decision: the trail is read by more people than that.
    texts = {name: columns.pop(name) for name in ("title", "proposal")}
    is_reworded = any(getattr(decision, name) != text for name, text in texts.items())
    for name, text in texts.items():
        setattr(decision, name, text)
    facts = {"text": "changed"} if is_reworded else {}
    changed = change(session, decision, columns, replace(line, facts=facts))
    if is_reworded and not changed:
        session.flush()
        record(session, actor.account_id, line.verb, line.subject, {"text": ("", "changed")}, now)
    return changed or is_reworded


def put(
    session: Session, actor: Actor, decision: Decision, seen_version: int, now: datetime
) -> None:
    """Open it to the members, at once or when it opens. From here on it stays as it is."""
    _check_actor(actor)
    _check_version(decision, seen_version)
    if decision.state is not DecisionState.DRAFT:
        raise Refused(NOT_A_DRAFT)
    opens_at = decision.opens_at if decision.opens_at and decision.opens_at > now else now
    if decision.closes_at is None or decision.closes_at - opens_at < SHORTEST:
        raise Refused(N_("It would close less than an hour after it opens. Give a later time."))
    columns = {"state": DecisionState.OPEN, "opens_at": opens_at}
    line = _line(actor, "decision.put", decision, now)
    change(session, decision, columns, line)
    happened(session, actor, News.DECISION_OPENED, line.subject, now)


def withdraw(
    session: Session,
    actor: Actor,
    decision: Decision,
    reason: str,
    seen_version: int,
    now: datetime,
) -> None:
    """Take it back before it closes. Positions are kept."""
    _check_actor(actor)
    _check_version(decision, seen_version)
    if decision.state is not DecisionState.OPEN or _is_over(decision, now):
        raise Refused(N_("Only a proposal that is open or ahead can be taken back."))
    if not reason.strip():
        raise Refused(N_("Say in a few words why it is taken back."), field="reason")
    session.add(
        Settlement(
            decision_id=decision.id,
            settled_at=now,
            settled_by_id=actor.account_id,
            reason=reason.strip(),
        )
    )
    columns = {"state": DecisionState.WITHDRAWN}
    change(session, decision, columns, _line(actor, "decision.withdraw", decision, now))


def _check_actor(actor: Actor) -> None:
    if not can(actor, Permission.DECISION_PUT):
        raise Forbidden(N_("Only a coordinator puts decisions to the members."))


def _check_version(decision: Decision, seen_version: int) -> None:
    if decision.version != seen_version:
        raise Conflict(N_("Somebody changed this decision meanwhile. Look at it again first."))


def _check_entry(entry: ProposalEntry, now: datetime) -> None:
    opens_at = max(entry.opens_at or now, now)
    if entry.closes_at - opens_at < SHORTEST:
        raise Refused(
            N_("It closes less than an hour after it opens. Give a later time."), field="closes_at"
        )
    if entry.rule is DecisionRule.OPT_IN and entry.silence_is_assent:
        raise Refused(
            N_("Silence never opts anybody in: that goes with a consensus only."),
            field="silence_is_assent",
        )
    if entry.quorum < 0:
        raise Refused(N_("Give a whole number of members, from 0 up."), field="quorum")


def _columns(entry: ProposalEntry) -> dict[str, object]:
    return {
        "title": entry.title,
        "proposal": entry.proposal,
        "rule": entry.rule,
        "quorum": entry.quorum,
        "silence_is_assent": entry.silence_is_assent,
        "opens_at": entry.opens_at,
        "closes_at": entry.closes_at,
        "question_id": entry.question_id,
        "deliverable_id": entry.deliverable_id,
    }


def _is_over(decision: Decision, now: datetime) -> bool:
    return decision.closes_at is not None and decision.closes_at <= now


def _free_key(session: Session, title: str) -> str:
    stem = stem_of(title, "decision")
    alike = Decision.key.startswith(stem, autoescape=True)
    return first_free(stem, {"new", *session.scalars(select(Decision.key).where(alike))})


def _line(actor: Actor, verb: str, decision: Decision, now: datetime) -> Line:
    return Line(actor.account_id, verb, Subject("decision", decision.key), now)
