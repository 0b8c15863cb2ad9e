"""What coordinators fill in to ask for reports and to judge them."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import DataRequired, ValidationError

from app.reports.models import Verdict
from app.web.forms import AtMost, Form, LineField, SeenField, TextField


class AskForm(Form):
    """`seen` is the version of the round, 0 where nobody was asked yet."""

    days_before = LineField(
        _l("Closes so many days before the meeting"),
        [DataRequired(_l("Give a number of days; 0 is the day of the meeting.")), AtMost(3)],
    )
    seen = SeenField()

    def validate_days_before(self, field: LineField) -> None:
        text = field.data or ""
        if not (text.isascii() and text.isdigit() and int(text) <= 365):
            raise ValidationError(_("Give a number of days from 0 to 365."))

    @property
    def days(self) -> int:
        """Only after it validated."""
        return int(self.days_before.data or 0)


class JudgeForm(Form):
    """Accepts a report or sends it back; what its author had before them is hidden in it."""

    verdict = HiddenField()
    note = TextField(_l("Note"), [AtMost(2000)], description=_l("Needed to send it back."))
    seen_update = SeenField()
    seen_verdict = SeenField()

    def validate_verdict(self, field: HiddenField) -> None:
        if field.data not in set(Verdict):
            raise ValidationError(_("Accept the report or send it back."))

    @property
    def said(self) -> Verdict:
        """Only after it validated."""
        return Verdict(str(self.verdict.data))
