"""What people fill in about agendas."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Optional, ValidationError

from app.agendas.actions.items import MOST_MINUTES, ItemEntry
from app.agendas.actions.proposals import POSSIBLE_KINDS, POSSIBLE_MARKINGS, ProposalEntry
from app.agendas.actions.running import OutcomeEntry
from app.agendas.actions.tasks import TaskEntry
from app.agendas.models import AgendaItem
from app.agendas.rules.content import ContentLink
from app.agendas.rules.outcomes import ActionState, Outcome
from app.agendas.rules.schedule import ItemKind
from app.core.markings import Marking
from app.members.models import Member
from app.web.forms import AtMost, DayField, Form, LineField, SeenField, TextField
from app.web.labels import choices, label
from app.web.languages import member_name

BEFORE, AFTER = "before", "after"
MOVED, COPIED = "move", "copy"
YES, NO = "yes", "no"
LONGEST_URL = 2000
MOST_PROPOSED = 240


class ItemForm(Form):
    """`seen` is the version of the item that is being edited."""

    kind = SelectField(_l("Kind"), validators=[InputRequired()])
    title = LineField(_l("Title"), [DataRequired(_l("Give the item a title.")), AtMost(300)])
    note = TextField(
        _l("Note"),
        [AtMost(20000)],
        description=_l("Markdown: **bold**, lists with a dash, [text](https://…) for links."),
    )
    minutes = LineField(_l("Minutes"), [AtMost(4)])
    in_writing = BooleanField(_l("By written procedure, outside the meeting"))
    presenter = LineField(_l("Presenter"), [AtMost(200)])
    presenting_member = SelectField(_l("Presenting member"), validators=[Optional()])
    marking = SelectField(
        _l("Marking"),
        validators=[InputRequired()],
        description=_l(
            "AMBER goes to coordinators and the presenting member; RED to you alone, on screen."
        ),
    )
    is_recurring = BooleanField(_l("Recurring: it goes on every next agenda of the series"))
    links = TextField(
        _l("Attached links"),
        [AtMost(10000)],
        description=_l("One on each line: https://… and, after a blank, its title."),
    )
    seen = SeenField()

    def offer(self, members: Iterable[Member]) -> None:
        named = [(str(member.id), member_name(member)) for member in members]
        self.kind.choices = choices(ItemKind)
        self.marking.choices = [(marking.value, label(marking)) for marking in Marking]
        self.presenting_member.choices = [
            ("", _("None")),
            *sorted(named, key=lambda pair: pair[1]),
        ]

    def show(self, item: AgendaItem) -> None:
        self.kind.data = item.kind.value
        self.title.data = item.title
        self.note.data = item.note
        self.minutes.data = str(item.minutes)
        self.in_writing.data = item.in_writing
        self.presenter.data = item.presenter
        self.presenting_member.data = str(item.presenting_member_id or "")
        self.marking.data = item.marking.value
        self.is_recurring.data = item.is_recurring
        self.links.data = "\n".join(f"{link.url} {link.title}" for link in item.links)
        self.seen.data = item.version

    def validate_minutes(self, field: LineField) -> None:
        text = field.data or "0"
        if not (text.isascii() and text.isdigit() and int(text) <= MOST_MINUTES):
            raise ValidationError(_("Give a whole number of minutes from 0 to 1440."))

    def validate_links(self, field: TextField) -> None:
        for line in (field.data or "").splitlines():
            url = line.split(maxsplit=1)[0] if line.strip() else ""
            if url and not (is_web_address(url) and len(url) <= LONGEST_URL):
                raise ValidationError(
                    _("“%(line)s” does not begin with a whole address, as https://…", line=line)
                )

    @property
    def entry(self) -> ItemEntry:
        """Only after it validated."""
        member = self.presenting_member.data
        return ItemEntry(
            kind=ItemKind(self.kind.data),
            title=self.title.data or "",
            note=self.note.data or "",
            minutes=int(self.minutes.data or 0),
            in_writing=bool(self.in_writing.data),
            presenter=self.presenter.data or "",
            presenting_member_id=int(member) if member else None,
            marking=Marking(self.marking.data),
            is_recurring=bool(self.is_recurring.data),
            links=tuple(_link(line) for line in (self.links.data or "").splitlines() if line),
        )


def _link(line: str) -> ContentLink:
    url, _blank, title = line.strip().partition(" ")
    return ContentLink((title.strip() or url)[:300], url)


def is_web_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


class MoveForm(Form):
    """`to` is before:ID or after:ID of the item beside which it goes, or a place counted from 1;
    `seen` the version of the agenda, which decides about a place only."""

    to = LineField()
    seen = SeenField()

    @property
    def beside(self) -> tuple[int, bool] | None:
        """Beside which item, and whether after it."""
        side, colon, number = (self.to.data or "").partition(":")
        if not colon or side not in {BEFORE, AFTER} or not _is_number(number, 9):
            return None
        return int(number), side == AFTER

    @property
    def place(self) -> int | None:
        """Where it goes, from 0; None for what is no place."""
        text = self.to.data or ""
        return int(text) - 1 if _is_number(text, 4) and int(text) > 0 else None


def _is_number(text: str, longest: int) -> bool:
    return text.isascii() and text.isdigit() and 0 < len(text) <= longest


class CarryForm(Form):
    """To the agenda of which meeting (its key), and how; `seen` is the version of the item."""

    to_meeting = SelectField(_l("Meeting"), validators=[InputRequired()])
    how = SelectField(_l("How"), validators=[InputRequired()])
    seen = SeenField()

    def offer(self, meetings: Iterable[tuple[str, str]]) -> None:
        self.to_meeting.choices = list(meetings)
        self.how.choices = [
            (MOVED, _("Move it, with what came of it")),
            (COPIED, _("Copy it, to begin anew")),
        ]


class OutcomeForm(Form):
    """What came of an item; `seen` is the version of the item."""

    outcome = SelectField(_l("Outcome"), validators=[Optional()])
    text = TextField(
        _l("Notes for the minutes"),
        [AtMost(20000)],
        description=_l("Markdown: **bold**, lists with a dash, [text](https://…) for links."),
    )
    seen = SeenField()

    def offer(self) -> None:
        self.outcome.choices = [("", _("Nothing yet")), *choices(Outcome)]

    def show(self, item: AgendaItem) -> None:
        self.outcome.data = item.outcome.value if item.outcome else ""
        self.text.data, self.seen.data = item.outcome_text, item.version

    @property
    def entry(self) -> OutcomeEntry:
        outcome = Outcome(self.outcome.data) if self.outcome.data else None
        return OutcomeEntry(outcome=outcome, text=self.text.data or "")


class TaskForm(Form):
    """A note becomes an action on the spot."""

    task = LineField(_l("What is to be done"), [DataRequired(_l("Say what.")), AtMost(2000)])
    owner = SelectField(_l("By whom"), [InputRequired(_l("Choose the member."))])
    due_on = DayField(_l("By when"))

    def offer(self, members: Iterable[Member]) -> None:
        named = [(member.code, member_name(member)) for member in members]
        self.owner.choices = [("", "–"), *sorted(named, key=lambda pair: pair[1])]

    @property
    def entry(self) -> TaskEntry:
        return TaskEntry(task=self.task.data or "", due_on=self.due_on.data)


class SettleForm(Form):
    """What became of an action; `seen` is its version."""

    state = SelectField(validators=[InputRequired()])
    note = LineField(_l("Note"), [AtMost(1000)])
    seen = SeenField()

    def offer(self) -> None:
        self.state.choices = choices(ActionState)


class ProposalForm(Form):
    """What a member would have on the agenda."""

    kind = SelectField(_l("Kind"), validators=[InputRequired()])
    title = LineField(_l("Title"), [DataRequired(_l("Give the item a title.")), AtMost(300)])
    note = TextField(
        _l("Note"),
        [AtMost(20000)],
        description=_l("Markdown: **bold**, lists with a dash, [text](https://…) for links."),
    )
    minutes = LineField(_l("Minutes"), [AtMost(3)])
    marking = SelectField(
        _l("Marking"),
        validators=[InputRequired()],
        description=_l("AMBER stays between your member and the coordinators."),
    )

    def offer(self) -> None:
        self.kind.choices = [(kind.value, label(kind)) for kind in POSSIBLE_KINDS]
        self.marking.choices = [(marking.value, label(marking)) for marking in POSSIBLE_MARKINGS]

    def validate_minutes(self, field: LineField) -> None:
        text = field.data or "10"
        if not (_is_number(text, 3) and 0 < int(text) <= MOST_PROPOSED):
            most = _("Give a whole number of minutes from 1 to %(most)s.", most=MOST_PROPOSED)
            raise ValidationError(most)

    @property
    def entry(self) -> ProposalEntry:
        return ProposalEntry(
            kind=ItemKind(self.kind.data),
            title=self.title.data or "",
            note=self.note.data or "",
            minutes=int(self.minutes.data or 10),
            marking=Marking(self.marking.data),
        )


class VerdictForm(Form):
    """The coordinator's yes or no."""

    verdict = LineField(validators=[AnyOf((YES, NO))])
    answer = LineField(_l("Answer"), [AtMost(1000)])


class SeenForm(Form):
    """A button that says which version it was pressed on."""

    seen = SeenField()
