"""What coordinators fill in during a review."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import URL, DataRequired, InputRequired, Optional, ValidationError

from app.deadlines.queries import DeadlineRow
from app.deliverables.rules.moves import Status
from app.reviews.actions.choices import ChoiceEntry
from app.reviews.rules.choices import Choice, open_choices
from app.reviews.rules.content import Chosen
from app.web.forms import AtMost, DayField, Form, LineField, SeenField, TextField
from app.web.labels import label

HTTP_ONLY = ("http://", "https://")


class BeginForm(Form):
    """`day`: the one whose state is reviewed."""

    day = DayField(validators=[DataRequired(_l("Give the day to review."))])


class ChoiceForm(Form):
    """What is chosen for one deliverable. `seen` is the version of the choice on the page."""

    choice = RadioField(
        _l("What is to happen"), [InputRequired(_l("Choose one."))], validate_choice=False
    )
    reason = TextField(
        _l("Reason, or the question"),
        [AtMost(2000)],
        description=_l("Kept with the choice. When you ask, this is what the lead is asked."),
    )
    new_due_on = DayField(_l("New day"))
    new_deadline = SelectField(_l("Or another deadline"), [Optional()], validate_choice=False)
    evidence_title = LineField(_l("Evidence: title"), [AtMost(300)])
    evidence_url = LineField(
        _l("Evidence: address"),
        [Optional(), AtMost(2000), URL(message=_l("Give a whole address, as https://…"))],
    )
    seen = SeenField()

    def offer(self, key: str, status: Status, deadlines: Iterable[DeadlineRow]) -> None:
        """What is open in this status. Fields of several forms on a page differ by the key."""
        self.choice.choices = [(choice.value, label(choice)) for choice in open_choices(status)]
        self.new_deadline.choices = [("", _("None")), *((d.key, d.title) for d in deadlines)]
        self._deadline_ids = {d.key: d.id for d in deadlines}
        for field in self:
            field.id = field.label.field_id = f"{key}-{field.short_name}"

    def show(self, chosen: Chosen | None) -> None:
        """What stands, for changing it."""
        if chosen is None:
            return
        self.choice.data = chosen.choice.value
        self.reason.data = chosen.reason
        self.new_due_on.data = chosen.new_due_on
        self.new_deadline.data = chosen.new_deadline_key
        if chosen.evidence:
            self.evidence_title.data = chosen.evidence.title
            self.evidence_url.data = chosen.evidence.url
        self.seen.data = chosen.version

    def validate_choice(self, field: RadioField) -> None:
        if field.data not in set(Choice):
            raise ValidationError(_("Choose one."))

    def validate_new_deadline(self, field: SelectField) -> None:
        if field.data and field.data not in self._deadline_ids:
            raise ValidationError(_("Choose one of the deadlines."))

    def validate_evidence_url(self, field: LineField) -> None:
        if field.data and not field.data.lower().startswith(HTTP_ONLY):
            raise ValidationError(_("Give an address that begins with http:// or https://."))

    @property
    def entry(self) -> ChoiceEntry:
        """Only after it validated. What does not belong to the choice is left out."""
        choice = Choice(self.choice.data)
        moves, accepts = choice is Choice.MOVE, choice is Choice.ACCEPT
        return ChoiceEntry(
            choice=choice,
            reason=self.reason.data or "",
            new_due_on=self.new_due_on.data if moves else None,
            new_deadline_id=self._deadline_ids.get(self.new_deadline.data) if moves else None,
            evidence_title=(self.evidence_title.data or "") if accepts else "",
            evidence_url=(self.evidence_url.data or "") if accepts else "",
        )


class CloseForm(Form):
    """`seen` is the last choice that was on the page."""

    effective_on = DayField(
        _l("The choices hold from"), [DataRequired(_l("Give the day from which they hold."))]
    )
    seen = SeenField()
