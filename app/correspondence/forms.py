"""What is filled in to write a letter down, to move it on and to add a file."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from app.core.filestore import sha256
from app.correspondence.models import Letter
from app.correspondence.rules import LetterState, Purpose
from app.deliverables.actions.updates import StoredFile
from app.deliverables.queries.choices import Choices
from app.deliverables.rules.files import LARGEST, kind_of, safe_name
from app.priorities.models import Body
from app.sharing.forms import SharingFields
from app.web.forms import AtMost, DayField, Form, LineField, SeenField, TextField, UploadField
from app.web.labels import choices as words
from app.web.labels import label
from app.web.languages import territory


class LetterForm(SharingFields):
    title = LineField(_l("Title"), [DataRequired(_l("Give it a title.")), AtMost(300)])
    body = SelectField(_l("Outside body"), [InputRequired(_l("Choose a body."))])
    correspondent = LineField(
        _l("Person or office there"), [AtMost(300)], description=_l("As far as it is known.")
    )
    purpose = SelectField(_l("Purpose"), [InputRequired(_l("Choose a purpose."))])
    on = DayField(_l("Day"), [DataRequired(_l("Give the day."))])
    due_on = DayField(
        _l("Deadline"),
        description=_l(
            "By which we answer, or send it; for what was sent, by which they are asked to answer."
        ),
    )
    member = SelectField(_l("Who answers"))
    text = TextField(_l("What it says"), [AtMost(20000)])
    priority = SelectField(_l("Priority"))
    deliverable = LineField(_l("Key of the deliverable that it is about"), [AtMost(80)])
    answers = SelectField(_l("Earlier letter that it answers"))
    seen = SeenField()

    def offer(
        self,
        known: Choices,
        bodies: Sequence[Body],
        earlier: Sequence[Letter],
        own: int | None,
    ) -> None:
        """`own`: the member for which alone a liaison writes."""
        none = ("", _("None"))
        self.body.choices = [(body.key, body.name) for body in bodies]
        self.purpose.choices = words(Purpose)
        members = [(o.key, territory(o.key, o.title)) for o in known.members.options]
        if own is None:
            self.member.choices = [("", _("The coordinators")), *members]
        else:
            keys = {option.key for option in known.members.options if option.id == own}
            self.member.choices = [pair for pair in members if pair[0] in keys]
        self.priority.choices = [none, *((o.key, o.title) for o in known.priorities.options)]
        self.answers.choices = [none, *((letter.key, letter.title) for letter in earlier)]

    def show(self, letter: Letter, deliverable: str, answers: str) -> None:
        """Its `body`, `member` and `priority` are loaded."""
        self.title.data, self.text.data = letter.title, letter.text
        self.body.data, self.correspondent.data = letter.body.key, letter.correspondent
        self.purpose.data, self.due_on.data = letter.purpose.value, letter.due_on
        self.on.data = letter.exists_from
        self.member.data = letter.member.code if letter.member else ""
        self.priority.data = letter.priority.key if letter.priority else ""
        self.deliverable.data, self.answers.data = deliverable, answers
        self.seen.data = letter.version


class AmendForm(LetterForm):
    """Without the day, which does not change, and the marking, which has a page of its own."""

    on = DayField(_l("Day"))
    marking = SelectField(_l("Marking"), [Optional()], validate_choice=False)


class StepForm(Form):
    """One step on; which are open is for the action to say."""

    to = SelectField(_l("State"), validate_choice=False)
    on = DayField(_l("On"), [DataRequired(_l("Give the day."))])
    note = TextField(_l("Note"), [AtMost(2000)])
    seen = SeenField()

    def validate_to(self, field: SelectField) -> None:
        if field.data not in set(LetterState):
            raise ValidationError(_("Choose a state."))

    def offer(self, states: Sequence[LetterState], on: date, seen: int) -> None:
        self.to.choices = [(state.value, label(state)) for state in states]
        self.on.data, self.seen.data = on, seen


class FileForm(Form):
    file = UploadField(
        _l("File"), description=_l("PDF, DOCX, XLSX, PNG, JPEG, CSV or text; 10 MB at most.")
    )

    def validate_file(self, field: UploadField) -> None:
        if not field.content:
            raise ValidationError(_("Choose a file."))
        if len(field.content) > LARGEST:
            raise ValidationError(_("The file is larger than 10 MB."))
        if kind_of(field.content, field.name_given) is None:
            raise ValidationError(
                _(
                    "This is none of the kinds of file that are kept, or it holds macros. "
                    "What counts is what is in it, not its name."
                )
            )

    @property
    def stored(self) -> StoredFile:
        """Only after it validated."""
        content, name = self.file.content, self.file.name_given
        kind = kind_of(content, name)
        assert kind is not None  # noqa: S101 - validated
        return StoredFile(
            sha256=sha256(content), name=safe_name(name, kind), kind=kind, size=len(content)
        )
