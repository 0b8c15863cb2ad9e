"""What people fill in when they look for a time."""

from datetime import UTC, date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.meetings.rules.attendance import Availability
from app.web.forms import DayField, Form, LineField, SeenField
from app.web.labels import choices

LONGEST_SEARCH = 31


class SearchForm(Form):
    """Between which days, and whether it is somebody's turn to have the bad hours."""

    first = DayField(_l("First day"), [Optional()])
    last = DayField(_l("Last day"), [Optional()])
    turns = BooleanField(_l("Share the burden: whose turn it is, by the last meetings"))

    def validate_last(self, field: DayField) -> None:
        if self.first.data and field.data:
            days = (field.data - self.first.data).days
            if not 0 <= days < LONGEST_SEARCH:
                text = _("Look at one to %(most)s days at once.")
                raise ValidationError(text % {"most": LONGEST_SEARCH})

    def window(self, default: tuple[date, date]) -> tuple[date, date]:
        """Only after it validated; `default` where it leaves days open."""
        first = self.first.data or default[0]
        last = self.last.data or max(default[1], first)
        return first, last


class SlotForm(Form):
    """`at` is an instant in UTC, as a candidate's button carries it."""

    at = LineField(validators=[InputRequired()])
    instant: datetime

    def validate_at(self, field: LineField) -> None:
        try:
            self.instant = datetime.strptime(field.data or "", "%Y-%m-%dT%H:%MZ").replace(
                tzinfo=UTC
            )
        except ValueError:
            raise ValidationError(_("This is no time.")) from None


class AnswerForm(Form):
    answer = SelectField(_l("Answer"), validators=[InputRequired()])
    member = LineField(validators=[InputRequired()])

    def offer(self) -> None:
        self.answer.choices = choices(Availability)

    @property
    def availability(self) -> Availability:
        return Availability(self.answer.data)


class ChooseForm(Form):
    seen = SeenField()
