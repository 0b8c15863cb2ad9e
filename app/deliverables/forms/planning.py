"""What coordinators fill in to change the plan: deliverables, deadlines, priorities, parts."""

import re
import unicodedata
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from app.core.days import Precision
from app.deadlines.actions import DeadlineEntry, When
from app.deadlines.models import DeadlineKind
from app.deliverables.actions.planning import DeliverableEntry
from app.deliverables.actions.schedule import Due
from app.deliverables.models import AssignmentRole, DeliverableKind
from app.deliverables.queries.choices import Choices, Option, Options
from app.priorities.actions.priorities import PriorityEntry
from app.priorities.models import Basis, Horizon, Theme
from app.priorities.rules import HIGHEST_JUDGEMENT
from app.web.forms import AtMost, DayField, Form, LineField, SeenField, TextField
from app.web.labels import choices as words
from app.web.languages import territory

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_KEY = 80
TAKEN = frozenset({"new", "selection", "views"})
"""Addresses of pages of ours."""


def suggested_key(title: str) -> str:
    """A key made of the letters of a title; empty where it has none that an address can hold."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST_KEY].strip("-")


class Titled(Form):
    title = LineField(_l("Title"), [DataRequired(_l("Give it a title.")), AtMost(300)])


class Keyed(Titled):
    """Brings something new into the plan, under a key."""

    key = LineField(
        _l("Key"),
        [AtMost(LONGEST_KEY)],
        description=_l(
            "Stands in addresses and files, and never changes: a-z, 0-9 and hyphens. "
            "Left open, it is made from the title."
        ),
    )

    def validate_key(self, field: LineField) -> None:
        field.data = field.data or suggested_key(self.title.data or "")
        if not KEY.fullmatch(field.data) or field.data in TAKEN:
            raise ValidationError(_("Give a key of a-z, 0-9 and single hyphens, as joint-tools."))


class Described(Form):
    """What a deliverable is and when it is due; the same fields for a new one and a known one."""

    kind = SelectField(_l("Kind"), [InputRequired()])
    priority = SelectField(_l("Priority"), [InputRequired(_l("Choose a priority."))])
    basis = SelectField(
        _l("Basis"),
        [InputRequired()],
        description=_l("Whether a source says it, or the network is to decide on it."),
    )
    note = TextField(_l("Note"), [AtMost(5000)])
    deadline = SelectField(_l("Due at a deadline"), [Optional()])
    due_on = DayField(_l("Or on a day of its own"), description=_l("Neither of them: unscheduled."))

    def offer(self, offered: Choices) -> None:
        self.kind.choices = words(DeliverableKind)
        self.basis.choices = words(Basis)
        self.priority.choices = _titled(offered.priorities.options)
        self.deadline.choices = [("", _("None")), *_titled(offered.deadlines.options)]
        self._offered = offered

    def validate_due_on(self, field: DayField) -> None:
        if field.data and self.deadline.data:
            raise ValidationError(_("Give a deadline or a day, not both."))

    @property
    def due(self) -> Due:
        """Only after it validated."""
        return Due(self._offered.deadlines.id_of(self.deadline.data or ""), self.due_on.data)

    def entry_for(self, title: str, **kept: object) -> DeliverableEntry:
        """Only after it validated; `kept` is what this form does not ask."""
        priority_id = self._offered.priorities.id_of(self.priority.data)
        assert priority_id is not None  # noqa: S101 - the field took only what is offered
        return DeliverableEntry(
            title=title,
            kind=DeliverableKind(self.kind.data),
            priority_id=priority_id,
            basis=Basis(self.basis.data),
            note=self.note.data or "",
            **kept,  # type: ignore[arg-type]
        )


class NewDeliverableForm(Described, Keyed):
    pass


class EditDeliverableForm(Described, Titled):
    """`seen` is the version and `schedule` the newest change of its date that were on the page."""

    reason = TextField(
        _l("Why its date moves"), [AtMost(2000)], description=_l("Needed when it does.")
    )
    seen = SeenField()
    schedule = SeenField()


class PartForm(Form):
    """A part that is proposed to a member."""

    member = SelectField(_l("Member"), [InputRequired(_l("Choose a member."))])
    role = SelectField(_l("Part"), [InputRequired()])
    reason = TextField(
        _l("Why this member"), [AtMost(2000)], description=_l("The member reads it.")
    )

    def offer(self, offered: Choices) -> None:
        self.role.choices = words(AssignmentRole)
        named = [(o.key, territory(o.key, o.title)) for o in offered.members.options]
        self.member.choices = sorted(named, key=lambda pair: pair[1])


class EndPartForm(Form):
    """`member` is a code."""

    member = LineField(validators=[DataRequired(), AtMost(3)])
    reason = TextField(_l("Why it ends"), [DataRequired(_l("Say why it ends.")), AtMost(2000)])


class Dated(Form):
    """A date as well as it is known."""

    starts_on = DayField(_l("First day"), [DataRequired(_l("Give the first day."))])
    ends_on = DayField(_l("Last day"), description=_l("Where it lasts longer than a day."))
    precision = SelectField(
        _l("Known to the"),
        [InputRequired()],
        description=_l("Known to the month or year, any day in it will do."),
    )

    def offer_precision(self) -> None:
        self.precision.choices = words(Precision)

    @property
    def when(self) -> When:
        """Only after it validated."""
        starts_on = self.starts_on.data
        assert starts_on is not None  # noqa: S101 - DataRequired saw to it
        return When(
            starts_on=starts_on,
            ends_on=self.ends_on.data,
            precision=Precision(self.precision.data),
        )


class NewDeadlineForm(Dated, Keyed):
    kind = SelectField(_l("Kind"), [InputRequired()])
    place = LineField(_l("Place"), [AtMost(200)])
    host = SelectField(_l("Host"), [Optional()])
    note = TextField(_l("Note"), [AtMost(5000)])
    is_public = BooleanField(_l("A public event"))

    def offer(self, offered: Choices) -> None:
        self.offer_precision()
        self.kind.choices = words(DeadlineKind)
        named = [(o.key, territory(o.key, o.title)) for o in offered.members.options]
        self.host.choices = [("", _("None")), *sorted(named, key=lambda pair: pair[1])]
        self._offered = offered

    @property
    def entry(self) -> DeadlineEntry:
        """Only after it validated."""
        return DeadlineEntry(
            title=self.title.data or "",
            kind=DeadlineKind(self.kind.data),
            place=self.place.data or "",
            host_id=self._offered.members.id_of(self.host.data or ""),
            is_public=bool(self.is_public.data),
            note=self.note.data or "",
        )


class MoveDeadlineForm(Dated):
    """`seen` is the newest change of its date that was on the page."""

    reason = TextField(_l("Reason"), [DataRequired(_l("Say why the date moves.")), AtMost(2000)])
    seen = SeenField()


POINTS = range(1, HIGHEST_JUDGEMENT + 1)


class PriorityForm(Form):
    theme = SelectField(_l("Theme"), [InputRequired()])
    horizon = SelectField(_l("Horizon"), [InputRequired()])
    basis = SelectField(_l("Basis"), [InputRequired()])
    question = SelectField(_l("The question behind it"), [Optional()])
    impact = SelectField(
        _l("Impact"),
        [Optional()],
        description=_l("As the coordinators judge it: 1 is little, 5 is much."),
    )
    feasibility = SelectField(
        _l("Feasibility"), [Optional()], description=_l("1 is hardly feasible, 5 is easily.")
    )
    note = TextField(_l("Note"), [AtMost(5000)])

    def offer(self, questions: Options) -> None:
        points = [("", _("Not judged yet")), *((str(n), str(n)) for n in POINTS)]
        self.impact.choices, self.feasibility.choices = points, points
        self.theme.choices, self.horizon.choices = words(Theme), words(Horizon)
        self.basis.choices = words(Basis)
        self.question.choices = [("", _("None")), *_titled(questions.options)]
        self._questions = questions

    @property
    def judgement(self) -> tuple[int | None, int | None]:
        """Impact and feasibility. Only after it validated."""
        given = (self.impact.data, self.feasibility.data)
        impact, feasibility = (int(points) if points else None for points in given)
        return impact, feasibility

    def entry_for(self, title: str, source_id: int | None = None) -> PriorityEntry:
        """Only after it validated."""
        return PriorityEntry(
            title=title,
            theme=Theme(self.theme.data),
            horizon=Horizon(self.horizon.data),
            basis=Basis(self.basis.data),
            question_id=self._questions.id_of(self.question.data or ""),
            note=self.note.data or "",
            source_id=source_id,
        )


class NewPriorityForm(PriorityForm, Keyed):
    pass


class EditPriorityForm(PriorityForm, Titled):
    """`seen` is the version that was on the page."""

    seen = SeenField()


def _titled(options: Iterable[Option]) -> list[tuple[str, str]]:
    return [(option.key, option.title) for option in options]
