"""What is filled in about a member."""

from datetime import date
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.core.days import parse_day
from app.members.actions.functions import LevelEntry
from app.members.actions.membership import InstituteEntry
from app.members.models import Institute, Level
from app.members.rules.hours import WorkingWeek
from app.sources.forms import CitingForm
from app.web.forms import (
    AtMost,
    DayField,
    Form,
    LineField,
    MultiCheckboxField,
    SeenField,
    TextField,
    parse_time,
)
from app.web.labels import choices
from app.web.languages import weekday_name

LARGEST_USD = Decimal(10) ** 13


class InstituteForm(CitingForm):
    """All that is known of an institute from a day on."""

    from_on = DayField(_l("Holds from"), [InputRequired(_l("Say from which day on it holds."))])
    name = LineField(_l("Name of the institute"), [AtMost(300)])
    announced_only = BooleanField(_l("Announced only, not at work yet"))
    host = LineField(_l("Host"), [AtMost(300)], description=_l("The body it belongs to."))
    established = LineField(
        _l("Established"), [AtMost(10)], description=_l("As 2024, 2024-02 or 2024-02-14.")
    )
    staff = LineField(_l("Staff"), [AtMost(300)], description=_l("Empty: not public."))
    funding = LineField(
        _l("Funding"),
        [AtMost(500)],
        description=_l("In the currency in which it was given. Empty: not public."),
    )
    usd = LineField(
        _l("Funding in US dollars a year"),
        [AtMost(20)],
        description=_l("Only where the source says it, in digits: 10000000."),
    )
    note = TextField(_l("Note"), [AtMost(5000)])
    seen = SeenField()

    def show(self, known: Institute | None, seen: int, today: date) -> None:
        """What holds now, to be changed where it is not so any more."""
        self.from_on.data, self.seen.data = today, seen
        if known is None:
            return
        for name in ("name", "announced_only", "host", "established", "staff", "funding", "note"):
            self[name].data = getattr(known, name)
        usd = known.funding_usd_per_year
        self.usd.data = f"{usd:f}".removesuffix(".00") if usd is not None else ""

    def validate_established(self, field: LineField) -> None:
        text = field.data or ""
        try:
            parse_day(text + "-01-01"[len(text) - 4 :] if text else "2000-01-01")
        except ValueError:
            raise ValidationError(_("Write it as 2024, 2024-02 or 2024-02-14.")) from None
        if text and len(text) not in (4, 7, 10):
            raise ValidationError(_("Write it as 2024, 2024-02 or 2024-02-14."))

    def validate_usd(self, field: LineField) -> None:
        try:
            amount = Decimal(field.data or "0")
        except InvalidOperation:
            amount = Decimal(-1)
        if not (amount.is_finite() and 0 <= amount < LARGEST_USD):
            raise ValidationError(_("Give an amount in digits, as 10000000."))

    def entry(self, source_id: int | None) -> InstituteEntry:
        """Only after it validated."""
        return InstituteEntry(
            name=self.name.data or "",
            host=self.host.data or "",
            established=self.established.data or "",
            announced_only=bool(self.announced_only.data),
            staff=self.staff.data or "",
            funding=self.funding.data or "",
            funding_usd_per_year=_cents(self.usd.data),
            note=self.note.data or "",
            source_id=source_id,
        )


class HoursForm(Form):
    """When people work at the seat of a member."""

    works_from = LineField(
        _l("Work begins at"),
        [InputRequired(_l("Say when work begins.")), AtMost(5)],
        description=_l("By the clock at the seat, as 09:00."),
    )
    works_until = LineField(
        _l("Work ends at"), [InputRequired(_l("Say when work ends.")), AtMost(5)]
    )
    weekend = MultiCheckboxField(_l("Weekend"))
    seen = SeenField()

    def offer(self) -> None:
        self.weekend.choices = [(str(day), weekday_name(day)) for day in range(7)]

    def show(self, week: WorkingWeek, seen: int) -> None:
        self.works_from.data = f"{week.begins:%H:%M}"
        self.works_until.data = f"{week.ends:%H:%M}"
        self.weekend.data = [str(day) for day in sorted(week.weekend)]
        self.seen.data = seen

    def validate_works_from(self, field: LineField) -> None:
        _check_time(field)

    def validate_works_until(self, field: LineField) -> None:
        _check_time(field)

    @property
    def week(self) -> WorkingWeek:
        """Only after it validated."""
        days = frozenset(int(day) for day in self.weekend.data or ())
        begins, ends = (parse_time(each.data or "") for each in (self.works_from, self.works_until))
        return WorkingWeek(begins, ends, days)


def _check_time(field: LineField) -> None:
    try:
        parse_time(field.data or "")
    except ValueError:
        raise ValidationError(_("Write a time of the day as 09:00.")) from None


class LevelForm(CitingForm):
    """How far a member is in one function from a day on."""

    from_on = DayField(_l("Holds from"), [InputRequired(_l("Say from which day on it holds."))])
    level = SelectField(
        _l("Level"),
        [InputRequired(_l("Choose a level."))],
        description=_l("“None stated”: one looked and found no public statement."),
    )
    evidence = TextField(_l("Evidence"), [DataRequired(_l("Say what shows it.")), AtMost(5000)])
    note = TextField(_l("Note"), [AtMost(5000)])
    seen = SeenField()

    def offer(self) -> None:
        self.level.choices = [("", _("Choose")), *choices(Level)]

    def entry(self, source_id: int | None) -> LevelEntry:
        """Only after it validated."""
        return LevelEntry(
            level=Level(self.level.data),
            evidence=self.evidence.data or "",
            note=self.note.data or "",
            source_id=source_id,
        )


def _cents(text: str | None) -> Decimal | None:
    return Decimal(text).quantize(Decimal("0.01")) if text else None
