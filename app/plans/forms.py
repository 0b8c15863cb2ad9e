"""Choosing a table to bring in."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, ValidationError
from wtforms.validators import InputRequired

from app.plans.models import SheetKind
from app.plans.sheets.reading import LARGEST
from app.web.forms import Form, UploadField, clean

KINDS = {
    SheetKind.UPDATES: _l("Status updates"),
    SheetKind.DELIVERABLES: _l("Deliverables"),
    SheetKind.ASSIGNMENTS: _l("Who has which part"),
    SheetKind.CONTRIBUTIONS: _l("Contributions"),
}


class SheetForm(Form):
    kind = SelectField(
        _l("What the table holds"), [InputRequired(_l("Choose what the table holds."))]
    )
    file = UploadField(
        _l("File"), description=_l("CSV (UTF-8) or XLSX, at most 10 MB and 10,000 rows.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, str(text)) for kind, text in KINDS.items()]

    @property
    def wanted(self) -> SheetKind:
        return SheetKind(str(self.kind.data))

    @property
    def name(self) -> str:
        """What the file is called, without what leads to it."""
        given = self.file.name_given.replace("\\", "/").rpartition("/")[2]
        shown = "".join(mark for mark in clean(given) if mark.isprintable())
        return shown[-200:] or _("A table")

    def validate_file(self, field: UploadField) -> None:
        if not field.content:
            raise ValidationError(_("Choose a file."))
        if len(field.content) > LARGEST:
            raise ValidationError(_("The file is larger than %(most)s MB.", most=10))
