"""Narrowing the trail."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from app.web.forms import AtMost, DayField, Form, LineField


class TrailForm(Form):
    """Sent by GET, so that an address is a filter."""

    class Meta:
        csrf = False

    verb = SelectField(_l("What was done"), validate_choice=False)
    kind = SelectField(_l("Kind of thing"), validate_choice=False)
    subject = LineField(_l("Key of the thing"), [AtMost(200)])
    account = LineField(_l("E-mail of who did it"), [AtMost(254)])
    address = LineField(_l("From which address"), [AtMost(64)])
    from_on = DayField(_l("From"), [Optional()])
    until_on = DayField(_l("Until"), [Optional()])
