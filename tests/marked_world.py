"""A network in which everything that carries a marking exists with every marking, and everybody
who may ask about it."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import make
from cast import Cast
from pypdf import PdfReader
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.agendas.actions.agendas import publish
from app.agendas.models import Action, Agenda, AgendaItem, ItemAction
from app.agendas.queries.agendas import content_of
from app.agendas.queries.minutes import minutes_of
from app.agendas.rules.content import Content
from app.agendas.rules.schedule import ItemKind
from app.calendars.actions import make_feed
from app.calendars.models import FeedPurpose
from app.contributions.models import Contribution, ContributionKind
from app.core.markings import Channel, Marking
from app.core.permissions import Role
from app.correspondence.models import Letter, LetterStep
from app.correspondence.rules import Direction, LetterState, Purpose
from app.decisions.actions.settling import settle
from app.decisions.models import Decision
from app.decisions.rules import DecisionState
from app.deliverables.actions import states
from app.deliverables.actions.schedule import Due
from app.deliverables.actions.updates import EvidenceLink
from app.deliverables.models import AssignmentRole, Evidence
from app.deliverables.rules.moves import Status
from app.meetings.models import Meeting
from app.meetings.queries.meetings import find_meeting
from app.members.actions.settings import show_public_page
from app.members.models import DecisionRule, Network
from app.people.models import Account
from app.priorities.models import Body
from app.reviews.actions.choices import open_review
from app.sharing.actions import audience_of
from app.sharing.rules import Sharing

SIGNED_IN = frozenset(
    {"observer", "sharing", "not_sharing", "coordinator", "named", "administrator"}
)
SHARING = frozenset({"sharing", "coordinator", "administrator"})
ON_SCREEN: dict[Marking, frozenset[str]] = {
    Marking.CLEAR: SIGNED_IN,
    Marking.GREEN: SIGNED_IN,
    Marking.AMBER: SHARING,
    Marking.AMBER_STRICT: SHARING,
    Marking.RED: frozenset({"named"}),
}
"""Who sees what, as the domain says."""
GOES_NOT: dict[Channel | str, frozenset[Marking]] = {
    Channel.SCREEN: frozenset(),
    Channel.EXPORT: frozenset({Marking.RED}),
    Channel.API: frozenset({Marking.RED}),
    Channel.FEED: frozenset({Marking.RED, Marking.AMBER_STRICT}),
    Channel.MAIL: frozenset({Marking.RED, Marking.AMBER_STRICT}),
}
"""What may not go which way, whoever asks."""
ROLES = ("anonymous", *sorted(SIGNED_IN))
THINGS = (
    "deliverable",
    "update",
    "evidence",
    "item",
    "decision",
    "contribution",
    "action",
    "letter",
)


OUTSIDE = "outside"
"""The page for the public, and its feed: the same for everybody."""


def expected(role: str, marking: Marking, channel: Channel | str) -> bool:
    """The one table: whether this role meets something of this marking by this way."""
    if channel == OUTSIDE:
        return marking is Marking.CLEAR
    return role in ON_SCREEN[marking] and marking not in GOES_NOT[channel]


def slug(marking: Marking) -> str:
    return marking.value.lower().replace("+", "")


def token(thing: str, marking: Marking) -> str:
    """A word that stands in this thing and nowhere else."""
    return f"zq{thing}{slug(marking)}qz"


TOKENS = {(thing, marking): token(thing, marking) for thing in THINGS for marking in Marking}


@dataclass
class World:
    session: Session
    cast: Cast
    roles: dict[str, Account | None] = field(default_factory=dict)
    ids: dict[tuple[str, Marking], int] = field(default_factory=dict)
    feed: str = ""
    """The secret of the calendar of Kenya's liaison."""

    def build(self) -> "World":
        self._people()
        self.by = self.cast.coordinator
        self.priority = make.priority(self.session, key="marked")
        self.body = Body(key="outside", name="An outside body", exists_from=make.PLANNED_ON)
        self.session.add(self.body)
        self.deadline = make.deadline(self.session, date(2026, 12, 1), by=self.by, key="due")
        self.host = make.deliverable(
            self.session, by=self.by, key="host", title="Host", marking=Marking.CLEAR
        )
        make.assignment(
            self.session, self.host, self.cast.kenya, AssignmentRole.CONTRIBUTOR, by=self.by
        )
        self.meeting = make.meeting(
            self.session, date(2026, 12, 10), key="sitting", exists_from=make.PLANNED_ON
        )
        show_public_page(
            self.session,
            self.by.actor,
            self.session.get_one(Network, 1),
            shown=True,
            now=make.NOW,
        )
        for marking in Marking:
            self._marked(marking)
        self._agenda()
        self.review = open_review(
            self.session, self.by.actor, self.deadline, make.NOW.date(), make.NOW
        )
        reader = self.cast.liaison.actor
        _, self.feed = make_feed(self.session, reader, FeedPurpose.MEMBER, None, make.NOW)
        self.session.commit()
        return self

    def _people(self) -> None:
        cast = self.cast
        self.roles = {
            "anonymous": None,
            "observer": cast.observer,
            "sharing": cast.liaison,
            "not_sharing": cast.other_liaison,
            "coordinator": cast.coordinator,
            "named": make.account(self.session, Role.OBSERVER, name="Nora"),
            "administrator": cast.administrator,
        }

    def sharing(self, marking: Marking) -> Sharing:
        """With Kenya (of deliverables: by its part in them, too), or with Nora alone."""
        named = self.roles["named"]
        assert named is not None
        amber = marking in (Marking.AMBER, Marking.AMBER_STRICT)
        return Sharing(
            marking,
            frozenset({self.cast.kenya.id}) if amber else frozenset(),
            frozenset({named.id}) if marking is Marking.RED else frozenset(),
        )

    def _columns(self, marking: Marking) -> dict[str, Any]:
        audience = audience_of(self.session, self.sharing(marking))
        return {"marking": marking, "audience_id": audience}

    def _marked(self, marking: Marking) -> None:
        session, by = self.session, self.by
        own = make.deliverable(
            session,
            by=by,
            key=f"d-{slug(marking)}",
            title=token("deliverable", marking),
            priority=self.priority,
            due=Due(deadline_id=self.deadline.id),
            marking=marking,
        )
        own.audience_id = self._columns(marking)["audience_id"]
        make.assignment(session, own, self.cast.kenya, by=by)
        self.ids["deliverable", marking] = own.id
        day = make.PLANNED_ON + timedelta(days=len(self.ids))
        values = {"note": token("update", marking), "blocker": "", "effective_on": day}
        update = make.update(session, self.host, Status.IN_PROGRESS, by=by, **values)
        self._remark(update, marking)
        self.ids["update", marking] = update.id
        link = EvidenceLink(
            title=token("evidence", marking), url=f"https://example.org/{slug(marking)}"
        )
        shown = make.update(
            session, self.host, Status.IN_PROGRESS, by=by, effective_on=day, evidence=(link,)
        )
        self._remark(shown, Marking.CLEAR)
        self._keep(
            "decision",
            marking,
            Decision(
                key=f"decision-{slug(marking)}",
                title=token("decision", marking),
                proposal="That it be so.",
                rule=DecisionRule.CONSENSUS,
                quorum=1,
                state=DecisionState.OPEN,
                opens_at=make.NOW - timedelta(days=1),
                closes_at=make.NOW + timedelta(days=9),
                exists_from=make.PLANNED_ON,
                created_by_id=by.id,
            ),
        )
        self._closed_decision(marking)
        self._letter(marking)
        self._keep(
            "contribution",
            marking,
            Contribution(
                member_id=self.cast.kenya.id,
                given_on=make.PLANNED_ON,
                kind=ContributionKind.EXPERTISE,
                about=token("contribution", marking),
                recorded_by_id=by.id,
                recorded_at=make.NOW,
            ),
        )
        self._keep(
            "action",
            marking,
            Action(
                meeting_id=self.meeting.id,
                member_id=self.cast.kenya.id,
                task=token("action", marking),
                due_on=date(2026, 12, 5),
                created_by_id=by.id,
                exists_from=make.PLANNED_ON,
            ),
        )

    def _letter(self, marking: Marking) -> None:
        """It came in, waits for the coordinators, and is late."""
        row = Letter(
            key=f"letter-{slug(marking)}",
            direction=Direction.INCOMING,
            title=token("letter", marking),
            purpose=Purpose.FOR_ACTION,
            body_id=self.body.id,
            due_on=make.NOW.date() - timedelta(days=3),
            exists_from=make.PLANNED_ON,
            created_by_id=self.by.id,
            created_at=make.NOW,
        )
        self._keep("letter", marking, row)
        self.session.add(
            LetterStep(
                letter_id=row.id,
                state=LetterState.RECEIVED,
                from_on=make.PLANNED_ON,
                account_id=self.by.id,
                recorded_at=make.NOW,
            )
        )

    def _closed_decision(self, marking: Marking) -> None:
        """With its certificate."""
        row = Decision(
            key=f"closed-{slug(marking)}",
            title=token("decision", marking),
            proposal="That it be so.",
            rule=DecisionRule.CONSENSUS,
            quorum=1,
            state=DecisionState.OPEN,
            opens_at=make.NOW - timedelta(days=9),
            closes_at=make.NOW - timedelta(days=1),
            exists_from=make.PLANNED_ON,
            created_by_id=self.by.id,
        )
        for name, value in self._columns(marking).items():
            setattr(row, name, value)
        self.session.add(row)
        self.session.flush()
        settle(self.session, self.by.actor, row, make.NOW)

    def _keep(self, thing: str, marking: Marking, row: Any) -> None:
        for name, value in self._columns(marking).items():
            setattr(row, name, value)
        self.session.add(row)
        self.session.flush()
        self.ids[thing, marking] = row.id

    def _remark(self, update: Any, marking: Marking) -> None:
        """With its evidence, which in these is what the test is about."""
        for name, value in self._columns(marking).items():
            setattr(update, name, value)
        self.session.flush()
        for evidence in self.session.query(Evidence).filter_by(update_id=update.id):
            of = next(m for m in Marking if evidence.title == token("evidence", m))
            for name, value in self._columns(of).items():
                setattr(evidence, name, value)
            self.ids["evidence", of] = evidence.id
        self.session.flush()
        states.rebuild(self.session, [self.host])

    def _agenda(self) -> None:
        session = self.session
        agenda = Agenda(
            meeting_id=self.meeting.id,
            created_by_id=self.by.id,
            created_at=make.NOW,
            proposed_as_of=make.NOW.date(),
        )
        session.add(agenda)
        session.flush()
        for place, marking in enumerate(Marking, 1):
            item = AgendaItem(
                agenda_id=agenda.id,
                position=place,
                kind=ItemKind.DISCUSSION,
                title=token("item", marking),
                minutes=10,
            )
            self._keep("item", marking, item)
        session.flush()
        meeting = find_meeting(session, None, self.meeting.key)
        assert meeting is not None
        about: dict[str, Any] = {"network": "Network", "language": "en"}
        self._publish(agenda, meeting, content_of(session, agenda, meeting, **about))
        asked = (self.ids["action", marking] for marking in Marking)
        item = self.ids["item", Marking.CLEAR]
        session.add_all(ItemAction(action_id=action, item_id=item) for action in asked)
        agenda.closed_at = make.NOW
        session.flush()
        self._publish(agenda, meeting, minutes_of(session, agenda, meeting, **about))

    def _publish(self, agenda: Agenda, meeting: Meeting, content: Content) -> None:
        publish(self.session, self.by.actor, agenda, meeting, content, agenda.version, make.NOW)


def text_of(answer: TestResponse) -> str:
    """Everything that can be read in an answer, whatever its format."""
    if answer.mimetype == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
            return "\n".join(
                parts.read(name).decode("utf-8", "replace") for name in parts.namelist()
            )
    # Lines of calendar files are folded.
    return answer.data.decode("utf-8", "replace").replace("\r\n ", "")


def found_in(text: str) -> Iterator[tuple[str, Marking]]:
    for named, word in TOKENS.items():
        if word in text:
            yield named
