"""What people fill in to ask for another date, and to answer."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, Optional, ValidationError

from app.deadlines.queries import DeadlineRow
from app.deliverables.actions.schedule import Due
from app.web.forms import AtMost, DayField, Form, SeenField, TextField
from app.web.languages import day_range


class DateForm(Form):
    """Another date: a day of its own, or another deadline. `seen` is the version of the proposal
    that it answers, if it answers one."""

    due_on = DayField(_l("A day of its own"))
    deadline = SelectField(
        _l("Or a deadline"), [Optional()], description=_l("Then it moves when the deadline does.")
    )
    reason = TextField(_l("Reason"), [DataRequired(_l("Say in a few words why.")), AtMost(2000)])
    seen = SeenField()

    def offer(self, deadlines: Iterable[DeadlineRow]) -> None:
        """The deadlines that are not over."""
        self.deadline.choices = [
            ("", _("None")),
            *(
                (
                    str(row.id),
                    f"{row.title} ({day_range(row.starts_on, row.ends_on, row.precision)})",
                )
                for row in deadlines
                if not row.is_past
            ),
        ]

    def validate_due_on(self, field: DayField) -> None:
        if bool(field.data) == bool(self.deadline.data):
            raise ValidationError(_("Give either a day or a deadline."))

    @property
    def due(self) -> Due:
        """Only after it validated."""
        if self.due_on.data is not None:
            return Due(own_due_on=self.due_on.data)
        return Due(deadline_id=int(self.deadline.data))


def _days(row: DeadlineRow) -> str:
    return day_range(row.starts_on, row.ends_on, row.precision)


class DateAnswerForm(Form):
    """Yes or no to a date. `schedule` is the newest change of the date that was on the page."""

    answer = TextField(
        _l("Your words"), [AtMost(2000)], description=_l("Needed to refuse; kept with the answer.")
    )
    seen = SeenField()
    schedule = SeenField()
