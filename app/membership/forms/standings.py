"""What is filled in about candidates and standings."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired

from app.core.days import Precision
from app.decisions.models import Decision
from app.members.models import MemberStatus
from app.membership.actions.standings import CandidateEntry, FindingEntry, StepEntry
from app.membership.rules import AdmissionCriterion, Finding, open_steps
from app.sources.forms import CitingForm
from app.web.forms import AtMost, DayField, LineField, SeenField, TextField
from app.web.labels import choices, label

REASON = _l("Say in a few words why.")


class CandidateForm(CitingForm):
    code = LineField(
        _l("Code"),
        [InputRequired(_l("Give its code.")), AtMost(2)],
        description=_l("Two capital letters of ISO 3166, as KE; EU for the European Union."),
    )
    name = LineField(_l("Name"), [DataRequired(_l("Give its name.")), AtMost(200)])
    zone = LineField(
        _l("Time zone of its seat"),
        [DataRequired(_l("Give the time zone.")), AtMost(60)],
        description=_l("As Africa/Nairobi."),
    )
    status = SelectField(_l("Standing"), [InputRequired(_l("Choose a standing."))])
    from_on = DayField(_l("From"), [InputRequired(_l("Say from which day on."))])
    reason = TextField(_l("Reason"), [DataRequired(REASON), AtMost(2000)])

    def offer(self) -> None:
        self.status.choices = [(step.value, label(step)) for step in open_steps(None)]

    def entry(self, source_id: int | None) -> CandidateEntry:
        """Only after it validated."""
        return CandidateEntry(
            code=self.code.data or "",
            name=self.name.data or "",
            zone=self.zone.data or "",
            status=MemberStatus(self.status.data),
            reason=self.reason.data or "",
            source_id=source_id,
        )


class FindingForm(CitingForm):
    finding = SelectField(_l("Finding"), [InputRequired(_l("Choose a finding."))])
    from_on = DayField(_l("From"), [InputRequired(_l("Say from which day on."))])
    note = TextField(_l("Note"), [DataRequired(_l("Say what it rests on.")), AtMost(5000)])
    seen = SeenField()

    def offer(self) -> None:
        self.finding.choices = choices(Finding)

    def entry(self, criterion: AdmissionCriterion, source_id: int | None) -> FindingEntry:
        """Only after it validated."""
        return FindingEntry(
            criterion=criterion,
            finding=Finding(self.finding.data),
            note=self.note.data or "",
            source_id=source_id,
        )


class StepForm(CitingForm):
    status = SelectField(_l("Next standing"), [InputRequired(_l("Choose a standing."))])
    from_on = DayField(_l("From"), [InputRequired(_l("Say from which day on."))])
    precision = SelectField(_l("How well this day is known"))
    reason = TextField(_l("Reason"), [DataRequired(REASON), AtMost(2000)])
    decision = SelectField(
        _l("Decision that it rests on"), description=_l("One that has passed, if there is one.")
    )
    seen = SeenField()

    def offer(self, held: MemberStatus | None, decisions: Sequence[Decision]) -> None:
        self.status.choices = [(step.value, label(step)) for step in open_steps(held)]
        self.precision.choices = choices(Precision)
        self.decision.choices = [
            ("", _("None recorded")),
            *((decision.key, decision.title) for decision in decisions),
        ]

    def entry(self, decisions: Sequence[Decision], source_id: int | None) -> StepEntry:
        """Only after it validated."""
        assert self.from_on.data is not None  # noqa: S101 - InputRequired saw to it
        return StepEntry(
            status=MemberStatus(self.status.data),
            from_on=self.from_on.data,
            reason=self.reason.data or "",
            precision=Precision(self.precision.data),
            decision=next((d for d in decisions if d.key == self.decision.data), None),
            source_id=source_id,
        )
