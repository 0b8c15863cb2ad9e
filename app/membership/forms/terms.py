"""What is filled in about offices and names."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired

from app.core.days import Precision
from app.core.history import FOREVER
from app.members.actions.membership import TermEntry
from app.members.actions.network import NameEntry
from app.members.actions.terms import EndEntry
from app.members.models import LeadershipTerm, Member
from app.sources.forms import CitingForm
from app.web.forms import AtMost, DayField, LineField, SeenField, TextField
from app.web.labels import choices
from app.web.languages import member_name

KNOWN_TO = _l("How well this day is known")


class EndForm(CitingForm):
    until_on = DayField(
        _l("Ended on"),
        [InputRequired(_l("Say when it ended."))],
        description=_l("From this day on it is not held any more."),
    )
    precision = SelectField(KNOWN_TO)
    note = TextField(_l("Note"), [AtMost(2000)])
    seen = SeenField()

    def offer(self) -> None:
        self.precision.choices = choices(Precision)

    def show(self, term: LeadershipTerm) -> None:
        self.seen.data = term.until_on.toordinal()
        if term.until_on != FOREVER:
            self.until_on.data = term.until_on
        if term.end:
            self.precision.data, self.note.data = term.end.precision.value, term.end.note

    @property
    def seen_until(self) -> date:
        known = date.min.toordinal() <= self.seen.data <= FOREVER.toordinal()
        return date.fromordinal(self.seen.data) if known else date.min

    def entry(self, source_id: int | None) -> EndEntry:
        """Only after it validated."""
        return EndEntry(
            until_on=self.until_on.data or date.min,
            precision=Precision(self.precision.data),
            note=self.note.data or "",
            source_id=source_id,
        )


class TermForm(CitingForm):
    member = SelectField(_l("Member"), [InputRequired(_l("Choose a member."))])
    title = LineField(
        _l("Office"),
        [DataRequired(_l("Name the office.")), AtMost(200)],
        description=_l("As the source words it: Chair, Network Coordinator, Lead of a track."),
    )
    from_on = DayField(_l("From"), [InputRequired(_l("Say from which day on it is held."))])
    precision = SelectField(KNOWN_TO)
    until_on = DayField(_l("Ended on"), description=_l("Empty: its end is not recorded."))
    note = TextField(_l("Note"), [AtMost(2000)])

    def offer(self, members: Sequence[Member]) -> None:
        named = sorted(((row.code, member_name(row)) for row in members), key=lambda pair: pair[1])
        self.member.choices = [("", _("Choose")), *named]
        self.precision.choices = choices(Precision)

    def entry(self, source_id: int | None) -> TermEntry:
        """Only after it validated."""
        return TermEntry(
            title=self.title.data or "",
            precision=Precision(self.precision.data),
            note=self.note.data or "",
            source_id=source_id,
        )

    def end(self, source_id: int | None) -> EndEntry | None:
        if self.until_on.data is None:
            return None
        return EndEntry(until_on=self.until_on.data, source_id=source_id)


class NameForm(CitingForm):
    name = LineField(_l("Name"), [DataRequired(_l("Give the name.")), AtMost(300)])
    short_name = LineField(
        _l("Short name"),
        [DataRequired(_l("Give a short name.")), AtMost(80)],
        description=_l("As it stands at the head of every page."),
    )
    from_on = DayField(_l("From"), [InputRequired(_l("Say from which day on."))])
    precision = SelectField(KNOWN_TO)
    note = TextField(_l("Note"), [AtMost(2000)])
    seen = SeenField()

    def offer(self) -> None:
        self.precision.choices = choices(Precision)

    def entry(self, source_id: int | None) -> NameEntry:
        """Only after it validated."""
        return NameEntry(
            name=self.name.data or "",
            short_name=self.short_name.data or "",
            precision=Precision(self.precision.data),
            note=self.note.data or "",
            source_id=source_id,
        )
