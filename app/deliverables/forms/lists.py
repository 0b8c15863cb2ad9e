"""What coordinators fill in to do the same with many deliverables."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.deliverables.actions.schedule import Due
from app.deliverables.models import AssignmentRole
from app.deliverables.queries.choices import Choices, Option
from app.web.forms import AtMost, DayField, Form, TextField
from app.web.labels import choices as words
from app.web.languages import territory


class AssignForm(Form):
    """One member's part in many deliverables."""

    member = SelectField(_l("Member"), [InputRequired(_l("Choose a member."))])
    role = SelectField(_l("Role"), [InputRequired(_l("Choose a role."))])
    reason = TextField(
        _l("Reason"), [AtMost(2000)], description=_l("The member sees it with the question.")
    )

    def offer(self, offered: Choices) -> None:
        named = [(option.key, territory(option.key)) for option in offered.members.options]
        self.member.choices = [("", _("Choose")), *sorted(named, key=lambda pair: pair[1])]
        self.role.choices = words(AssignmentRole)


class MoveForm(Form):
    """Another date for many deliverables."""

    deadline = SelectField(_l("To a deadline"))
    due_on = DayField(_l("Or to a day of its own"))
    reason = TextField(_l("Reason"), [DataRequired(_l("Say why the dates move.")), AtMost(2000)])

    def offer(self, offered: Choices) -> None:
        self._deadlines: Sequence[Option] = offered.deadlines.options
        listed = [(option.key, option.title) for option in self._deadlines]
        self.deadline.choices = [("", _("None")), *listed]

    def validate_due_on(self, field: DayField) -> None:
        if bool(field.data) == bool(self.deadline.data):
            raise ValidationError(_("Give either a deadline or a day."))

    @property
    def due(self) -> Due:
        if self.due_on.data:
            return Due(own_due_on=self.due_on.data)
        key = self.deadline.data
        return Due(deadline_id=next(o.id for o in self._deadlines if o.key == key))


class AskForm(Form):
    """One question about many deliverables."""

    reason = TextField(
        _l("Question"),
        [DataRequired(_l("Write what you want to know.")), AtMost(2000)],
        description=_l("It shows on the desk of those who lead, until the next update."),
    )

    def offer(self, offered: Choices) -> None:
        """Nothing to choose from."""
