"""What is filled in about bodies around the network."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.deliverables.queries.choices import Options
from app.priorities.actions.outside import BodyEntry, EngagementEntry, ProgrammeEntry
from app.priorities.models import Body, Relation
from app.sources.forms import CitingForm
from app.web.forms import AtMost, DayField, Form, LineField, SeenField, TextField
from app.web.labels import choices

SINCE = _l("Say from which day on.")


class BodyForm(CitingForm):
    name = LineField(_l("Name"), [DataRequired(_l("Give its name.")), AtMost(300)])
    note = TextField(_l("What it is"), [AtMost(5000)])
    seen = SeenField()

    def show(self, body: Body) -> None:
        self.name.data, self.note.data = body.name, body.note

    def entry(self, source_id: int | None) -> BodyEntry:
        """Only after it validated."""
        return BodyEntry(name=self.name.data or "", note=self.note.data or "", source_id=source_id)


class EngagementForm(CitingForm):
    relation = SelectField(_l("How they relate"), [InputRequired(_l("Choose a relation."))])
    about = TextField(
        _l("What it is about"),
        [AtMost(2000)],
        description=_l("In words, where it is more or other than a priority or deliverable."),
    )
    priority = SelectField(_l("Priority"))
    deliverable = LineField(_l("Key of the deliverable"), [AtMost(80)])
    from_on = DayField(_l("From"), [InputRequired(SINCE)])

    def offer(self, priorities: Options) -> None:
        self.relation.choices = choices(Relation)
        listed = [(option.key, option.title) for option in priorities.options]
        self.priority.choices = [("", _("None")), *listed]

    def validate_about(self, field: TextField) -> None:
        if not (field.data or self.priority.data or self.deliverable.data):
            raise ValidationError(_("Say what it is about, or name a priority or deliverable."))

    def entry(
        self, priority_id: int | None, deliverable_id: int | None, source_id: int | None
    ) -> EngagementEntry:
        """Only after it validated."""
        return EngagementEntry(
            relation=Relation(self.relation.data),
            about=self.about.data or "",
            priority_id=priority_id,
            deliverable_id=deliverable_id,
            source_id=source_id,
        )


class ProgrammeForm(CitingForm):
    title = LineField(_l("Programme"), [DataRequired(_l("Name the programme.")), AtMost(300)])
    about = TextField(_l("What it does"), [AtMost(5000)])
    function = SelectField(_l("Function of institutes that it is like"))
    priority = SelectField(_l("Priority of the network that it touches"))
    from_on = DayField(_l("From"), [InputRequired(SINCE)])

    def offer(self, functions: list[tuple[str, str]], priorities: Options) -> None:
        self.function.choices = [("", _("None")), *functions]
        listed = [(option.key, option.title) for option in priorities.options]
        self.priority.choices = [("", _("None")), *listed]

    def entry(
        self, function_id: int | None, priority_id: int | None, source_id: int | None
    ) -> ProgrammeEntry:
        """Only after it validated."""
        return ProgrammeEntry(
            title=self.title.data or "",
            about=self.about.data or "",
            function_id=function_id,
            priority_id=priority_id,
            source_id=source_id,
        )


class EndForm(Form):
    until_on = DayField(
        _l("Ended on"),
        [InputRequired(_l("Say when it ended."))],
        description=_l("From this day on it does not hold any more. It stays on record."),
    )
    reason = TextField(_l("Reason"), [DataRequired(_l("Say in a few words why.")), AtMost(2000)])
