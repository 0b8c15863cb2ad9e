"""What people fill in about cadences and their single occurrences."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from app.core.errors import Refused
from app.meetings.actions.amendments import AmendmentEntry
from app.meetings.actions.series import CadenceEntry, check_cadence
from app.meetings.forms.fields import host_choices, minutes_of, time_of, whole
from app.meetings.models import Hosting, MeetingSeries, SeriesKind
from app.meetings.rules.adherence import Amendment
from app.meetings.rules.pattern import MOST, Every, Pattern, pattern_of, rule_of
from app.meetings.wording import nth_words
from app.members.models import Member
from app.web.forms import (
    AtMost,
    DayField,
    Form,
    LineField,
    MultiCheckboxField,
    SeenField,
    TextField,
)
from app.web.labels import choices
from app.web.languages import member_name, weekday_name

MOST_DAYS = 31
LONGEST_TOLERANCE = 366


class Rhythm(StrEnum):
    """How often, as the form offers it; EXPERT is a rule in the words of RFC 5545."""

    WEEKS = "weeks"
    MONTHS = "months"
    QUARTER = "quarter"
    YEARS = "years"
    EXPERT = "expert"


RHYTHMS = {
    Rhythm.WEEKS: _l("Weeks"),
    Rhythm.MONTHS: _l("Months"),
    Rhythm.QUARTER: _l("Quarter (January, April, July, October)"),
    Rhythm.YEARS: _l("Years"),
    Rhythm.EXPERT: _l("By a rule of RFC 5545, below"),
}


class SeriesForm(Form):
    """`shown` is the rule whose next dates its author has seen: nothing is saved unseen."""

    title = LineField(_l("Title"), [DataRequired(_l("Give the series a title.")), AtMost(300)])
    kind = SelectField(_l("Kind"), validators=[InputRequired()])
    number = LineField(_l("Once every"), [AtMost(2)])
    rhythm = SelectField(_l("Of what"), validators=[InputRequired()])
    nth = SelectField(_l("Which one"))
    weekday = SelectField(_l("Weekday"))
    recurrence = LineField(
        _l("Rule, for experts"),
        [AtMost(500)],
        description=_l("As RFC 5545 writes it: FREQ=MONTHLY;BYDAY=2TU,4TU"),
    )
    is_flexible = BooleanField(_l("About so often: each meeting counts from the one before it"))
    tolerance = LineField(
        _l("Days that it may be early or late"),
        [AtMost(3)],
        description=_l("Empty: a quarter of the interval."),
    )
    starts_on = DayField(_l("From"), [DataRequired(_l("Give the day."))])
    starts_at = LineField(
        _l("Begins at"), [AtMost(5)], description=_l("As 14:00, on the clock of its time zone.")
    )
    zone = LineField(
        _l("Time zone"),
        [DataRequired(_l("Give the time zone.")), AtMost(60)],
        description=_l("Where its days and times are meant, as Europe/Paris."),
    )
    duration_minutes = LineField(
        _l("Length in minutes"), [DataRequired(_l("Give the length.")), AtMost(5)]
    )
    days = LineField(_l("Over how many days"), [AtMost(2)])
    members = MultiCheckboxField(
        _l("Members in it"), coerce=int, description=_l("None ticked: all members.")
    )
    hosting = SelectField(_l("Who hosts"), validators=[InputRequired()])
    host = SelectField(_l("Host"), validators=[Optional()])
    order = LineField(
        _l("Order of hosts"),
        [AtMost(200)],
        description=_l("Codes of members, as US, FR, KE; the others follow by code."),
    )
    note = TextField(_l("Note"), [AtMost(2000)])
    seen = SeenField()
    shown = HiddenField()

    def offer(self, members: Sequence[Member]) -> None:
        self.kind.choices = choices(SeriesKind)
        self.hosting.choices = choices(Hosting)
        self.rhythm.choices = [(rhythm.value, str(text)) for rhythm, text in RHYTHMS.items()]
        self.nth.choices = [("", _("On the day of the month of the first")), *nth_words()]
        self.weekday.choices = [("", "–"), *((str(n), weekday_name(n)) for n in range(7))]
        self.host.choices = host_choices(members)
        self.members.choices = [(member.id, member_name(member)) for member in members]
        self.codes = {member.code: member.id for member in members}

    def begin(self, day: date) -> None:
        self.number.data, self.rhythm.data = "6", Rhythm.MONTHS.value
        self.starts_on.data, self.days.data, self.zone.data = day, "1", "UTC"
        self.kind.data, self.hosting.data = SeriesKind.PLENARY.value, Hosting.FIXED.value

    def show(self, series: MeetingSeries, members: Sequence[int]) -> None:
        """`members` in the order in which they host."""
        self.title.data, self.kind.data = series.title, series.kind.value
        self._show_rule(series.recurrence)
        self.is_flexible.data = series.is_flexible
        tolerance = series.tolerance_days
        self.tolerance.data = "" if tolerance is None else str(tolerance)
        self.starts_on.data = series.starts_on
        self.starts_at.data = f"{series.starts_at:%H:%M}" if series.starts_at else ""
        self.zone.data = series.zone if series.zone_stated else ""
        self.duration_minutes.data, self.days.data = str(series.duration_minutes), str(series.days)
        self.members.data = list(members)
        codes = {id_: code for code, id_ in self.codes.items()}
        self.order.data = ", ".join(codes[member] for member in members if member in codes)
        self.hosting.data, self.host.data = series.hosting.value, str(series.host_id or "")
        self.note.data, self.seen.data = series.note, series.version

    def _show_rule(self, recurrence: str) -> None:
        pattern = pattern_of(recurrence)
        if pattern is None:
            self.rhythm.data, self.recurrence.data = Rhythm.EXPERT.value, recurrence
            return
        self.rhythm.data, self.number.data = pattern.every.value, str(pattern.number)
        self.nth.data = "" if pattern.nth is None else str(pattern.nth)
        self.weekday.data = "" if pattern.weekday is None else str(pattern.weekday)

    def validate_number(self, field: LineField) -> None:
        if self.rhythm.data in {Rhythm.QUARTER, Rhythm.EXPERT}:
            return
        number = whole(field.data or "1")
        most = MOST // 12 if self.rhythm.data == Rhythm.YEARS else MOST
        if not number or number > most:
            raise ValidationError(_("Give a whole number from 1 to %(most)s.", most=most))

    def validate_weekday(self, field: SelectField) -> None:
        if self.nth.data and self.rhythm.data != Rhythm.WEEKS and not field.data:
            raise ValidationError(_("Choose the weekday."))

    def validate_recurrence(self, field: LineField) -> None:
        if self.rhythm.data == Rhythm.EXPERT and not field.data:
            raise ValidationError(_("Write the rule, or choose how often above."))

    def validate_tolerance(self, field: LineField) -> None:
        days = whole(field.data or "0")
        if days is None or days > LONGEST_TOLERANCE:
            raise ValidationError(_("Give a whole number of days, at most a year’s."))

    def validate_starts_at(self, field: LineField) -> None:
        if field.data and time_of(field.data) is None:
            raise ValidationError(_("Write a time as 14:00."))

    def validate_duration_minutes(self, field: LineField) -> None:
        if field.data and minutes_of(field.data) is None:
            raise ValidationError(_("Give a whole number of minutes, at most a week’s."))

    def validate_days(self, field: LineField) -> None:
        days = whole(field.data or "1")
        if not days or days > MOST_DAYS:
            raise ValidationError(_("Give a whole number from 1 to %(most)s.", most=MOST_DAYS))

    def validate_order(self, field: LineField) -> None:
        strange = [code for code in self._ordered_codes() if code not in self.codes]
        if strange:
            raise ValidationError(_("There is no member %(code)s.", code=strange[0]))

    def checks_out(self) -> bool:
        """Whether the rule can be kept; what is wrong with it stands beside its fields."""
        try:
            check_cadence(self.entry)
        except Refused as refused:
            self.refuse(refused)
            return False
        return True

    @property
    def fingerprint(self) -> str:
        """Of everything that decides about the dates."""
        entry = self.entry
        parts = (entry.recurrence, entry.starts_on, entry.starts_at, entry.zone, entry.is_flexible)
        return "|".join(str(part) for part in (*parts, entry.tolerance_days))

    @property
    def entry(self) -> CadenceEntry:
        """Only after it validated."""
        starts_on: date = self.starts_on.data  # type: ignore[assignment]
        hosting = Hosting(self.hosting.data)
        is_fixed = hosting is Hosting.FIXED
        return CadenceEntry(
            title=self.title.data or "",
            kind=SeriesKind(self.kind.data),
            recurrence=self._rule(),
            is_flexible=bool(self.is_flexible.data),
            starts_on=starts_on,
            starts_at=time_of(self.starts_at.data or ""),
            zone=self.zone.data or "",
            duration_minutes=minutes_of(self.duration_minutes.data or "") or 0,
            days=int(self.days.data or 1),
            tolerance_days=int(self.tolerance.data) if self.tolerance.data else None,
            hosting=hosting,
            host_id=int(self.host.data) if self.host.data and is_fixed else None,
            members=self._members_in_order(),
            note=self.note.data or "",
        )

    def _rule(self) -> str:
        if self.rhythm.data == Rhythm.EXPERT:
            return (self.recurrence.data or "").upper().removeprefix("RRULE:")
        weekday = int(self.weekday.data) if self.weekday.data else None
        nth = int(self.nth.data) if self.nth.data else None
        is_weekly = self.rhythm.data == Rhythm.WEEKS
        number = int(self.number.data or 1) if self.rhythm.data != Rhythm.QUARTER else 1
        every = Every(self.rhythm.data)
        return rule_of(Pattern(every, number, None if is_weekly else nth, weekday))

    def _ordered_codes(self) -> list[str]:
        parts = (self.order.data or "").upper().replace(",", " ").split()
        return list(dict.fromkeys(parts))

    def _members_in_order(self) -> tuple[int, ...]:
        """Those named in the order first; who is named there is in the series."""
        first = [self.codes[code] for code in self._ordered_codes()]
        by_code = {id_: code for code, id_ in self.codes.items()}
        others = sorted(set(self.members.data or ()) - set(first), key=lambda id_: by_code[id_])
        return (*first, *others)


class AmendmentForm(Form):
    """One occurrence moved, skipped or added."""

    kind = SelectField(_l("What"), validators=[InputRequired()])
    day = DayField(_l("Day"), [DataRequired(_l("Give the day."))])
    moved_to = DayField(_l("Moved to"), description=_l("Only where it is moved."))
    reason = LineField(_l("Reason"), [DataRequired(_l("Give the reason.")), AtMost(500)])

    def offer(self) -> None:
        self.kind.choices = choices(Amendment)

    @property
    def entry(self) -> AmendmentEntry:
        """Only after it validated."""
        day: date = self.day.data  # type: ignore[assignment]
        kind = Amendment(self.kind.data)
        moved_to = self.moved_to.data if kind is Amendment.MOVED else None
        return AmendmentEntry(kind=kind, day=day, moved_to=moved_to, reason=self.reason.data or "")
