"""What people fill in about who came."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from app.meetings.rules.attendance import Presence
from app.web.forms import AtMost, Form, LineField
from app.web.labels import choices


class AttendanceForm(Form):
    """Of one member; no presence at all: nothing is known."""

    member = LineField(validators=[InputRequired()])
    presence = SelectField(_l("Presence"), validators=[Optional()])
    note = LineField(_l("Note"), [AtMost(500)])
    back = LineField()
    """To which page of ours it leads back."""

    def offer(self) -> None:
        self.presence.choices = [("", _("Nothing recorded")), *choices(Presence)]

    @property
    def recorded(self) -> Presence | None:
        return Presence(self.presence.data) if self.presence.data else None
