"""What people fill in about agendas."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from app.agendas.actions.items import MOST_MINUTES, ItemEntry
from app.agendas.models import AgendaItem
from app.agendas.rules.schedule import ItemKind
from app.core.markings import Marking
from app.members.models import Member
from app.web.forms import AtMost, Form, LineField, SeenField, TextField
from app.web.labels import choices, label
from app.web.languages import member_name

UP, DOWN = "up", "down"


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
        self.seen.data = item.version

    def validate_minutes(self, field: LineField) -> None:
        text = field.data or "0"
        if not (text.isascii() and text.isdigit() and int(text) <= MOST_MINUTES):
            raise ValidationError(_("Give a whole number of minutes from 0 to 1440."))

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
        )


class MoveForm(Form):
    """`to` is up, down, or a place counted from 1; `seen` the version of the agenda."""

    to = LineField()
    seen = SeenField()

    def place(self, present: int) -> int | None:
        """Where it goes, from 0; None for what is no place."""
        text = self.to.data or ""
        if text in {UP, DOWN}:
            return max(0, present - 1) if text == UP else present + 1
        is_number = text.isascii() and text.isdigit() and 0 < len(text) < 5 and int(text) > 0
        return int(text) - 1 if is_number else None


class SeenForm(Form):
    """A button that says which version it was pressed on."""

    seen = SeenField()
