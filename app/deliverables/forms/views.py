"""What is filled in to keep a filter."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import AnyOf, DataRequired

from app.web.forms import AtMost, Form, LineField


class ViewForm(Form):
    """A filter to keep; `query` is what the address of the list asks for."""

    query = HiddenField()
    name = LineField(
        _l("Keep this filter as"), [DataRequired(_l("Give the view a name.")), AtMost(80)]
    )
    is_shared = BooleanField(_l("Others may open it by its address"))


class ShareForm(Form):
    is_shared = LineField(validators=[AnyOf(["yes", "no"])])
