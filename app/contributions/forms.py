"""What is filled in to record what a member put in, to put it right and to take it back."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.contributions.actions import ContributionEntry, ConversionEntry
from app.contributions.models import Contribution, ContributionKind
from app.core.days import Precision
from app.deliverables.queries.choices import Choices
from app.sharing.forms import SharingFields
from app.web.forms import AtMost, DayField, Form, LineField, TextField
from app.web.labels import choices as words
from app.web.languages import territory

_CURRENCY = re.compile(r"[A-Z]{3}")


class AmountField(LineField):
    """A number that is not negative, with a point and at most so many places. Blanks between
    thousands are passed over; a comma is not guessed at."""

    places = 2

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data and self.amount is None:
            raise ValidationError(
                _("Write a number as 1420000 or 0.5, with a point and at most %(places)s places.")
                % {"places": self.places}
            )

    @property
    def amount(self) -> Decimal | None:
        """None for nothing, and for what is no such number."""
        text = re.sub(r"[\s_\u00a0\u202f]", "", self.data or "")
        if not re.fullmatch(rf"[0-9]{{1,15}}(\.[0-9]{{1,{self.places}}})?", text):
            return None
        try:
            return Decimal(text)
        except InvalidOperation:
            return None


class RateField(AmountField):
    places = 8


class ContributionForm(SharingFields):
    member = SelectField(_l("Member"), [InputRequired(_l("Choose a member."))])
    kind = SelectField(_l("Kind"), [InputRequired(_l("Choose a kind."))])
    about = TextField(
        _l("What it is and what it is for"),
        [DataRequired(_l("Say what it is.")), AtMost(2000)],
    )
    given_on = DayField(_l("Given on"), [DataRequired(_l("Give the day."))])
    precision = SelectField(_l("How well the day is known"), [InputRequired(_l("Choose one."))])
    amount = AmountField(
        _l("Amount"), description=_l("As it was given; leave it open when it is not known.")
    )
    currency = LineField(
        _l("Currency"),
        [AtMost(3)],
        description=_l("For money: three letters as in ISO 4217, such as CAD."),
    )
    unit = LineField(
        _l("Unit"),
        [AtMost(60)],
        description=_l("For all else: person months, GPU hours, days…"),
    )
    period_starts_on = DayField(_l("Period from"))
    period_ends_on = DayField(_l("Period until"))
    priority = SelectField(
        _l("Priority"), description=_l("That of the deliverable, where it is for one.")
    )
    deliverable = LineField(_l("Key of the deliverable that it is for"), [AtMost(80)])
    converted_amount = AmountField(
        _l("Amount in another currency"),
        description=_l("As somebody stated it. It is shown beside what was given, never summed."),
    )
    converted_currency = LineField(_l("That currency"), [AtMost(3)])
    rate = RateField(
        _l("Rate"), description=_l("So much of that currency for one of what was given.")
    )
    rate_on = DayField(_l("Day of the rate"))
    rate_source = LineField(_l("Who states the rate"), [AtMost(500)])
    note = TextField(_l("Note, and where this is stated"), [AtMost(2000)])

    def offer(self, known: Choices, members: frozenset[int] | None) -> None:
        """Of the members those of these numbers, or all."""
        self.member.choices = [
            (option.key, territory(option.key, option.title))
            for option in known.members.options
            if members is None or option.id in members
        ]
        self.kind.choices = words(ContributionKind)
        self.precision.choices = words(Precision)
        none = ("", _("None"))
        self.priority.choices = [none, *((o.key, o.title) for o in known.priorities.options)]

    def validate_currency(self, field: LineField) -> None:
        _check_currency(field)

    def validate_converted_currency(self, field: LineField) -> None:
        _check_currency(field)

    def validate_converted_amount(self, field: AmountField) -> None:
        stated = (self.converted_currency, self.rate, self.rate_on, self.rate_source)
        given = [bool(each.data) for each in (field, *stated)]
        if any(given) and not all(given):
            raise ValidationError(
                _("A conversion needs all of it: amount, currency, rate, its day and its source.")
            )
        if field.data and self.rate.amount == 0:
            raise ValidationError(_("The rate cannot be 0."))

    def entry(self, priority_id: int | None, deliverable_id: int | None) -> ContributionEntry:
        """Only after it validated."""
        given_on = self.given_on.data
        assert given_on is not None  # noqa: S101 - DataRequired saw to it
        return ContributionEntry(
            given_on=given_on,
            precision=Precision(self.precision.data),
            kind=ContributionKind(self.kind.data),
            amount=self.amount.amount,
            unit=self.unit.data or "",
            currency=(self.currency.data or "").upper(),
            period_starts_on=self.period_starts_on.data,
            period_ends_on=self.period_ends_on.data,
            about=self.about.data or "",
            note=self.note.data or "",
            priority_id=priority_id,
            deliverable_id=deliverable_id,
        )

    @property
    def conversion(self) -> ConversionEntry | None:
        """Only after it validated."""
        amount, rate, rate_on = self.converted_amount.amount, self.rate.amount, self.rate_on.data
        if amount is None or rate is None or rate_on is None:
            return None
        return ConversionEntry(
            amount=amount,
            currency=(self.converted_currency.data or "").upper(),
            rate=rate,
            rate_on=rate_on,
            rate_source=self.rate_source.data or "",
        )

    def show(self, given: Contribution, member: str, priority: str, deliverable: str) -> None:
        """What an entry says, to be put right. `given` with its conversion."""
        self.member.data, self.kind.data = member, given.kind.value
        self.about.data, self.note.data = given.about, given.note
        self.given_on.data, self.precision.data = given.given_on, given.precision.value
        self.amount.data = _plain(given.amount)
        self.currency.data, self.unit.data = given.currency, given.unit
        self.period_starts_on.data = given.period_starts_on
        self.period_ends_on.data = given.period_ends_on
        self.priority.data, self.deliverable.data = priority, deliverable
        stated = given.conversion
        if stated is not None:
            self.converted_amount.data = _plain(stated.amount)
            self.converted_currency.data = stated.currency
            self.rate.data, self.rate_on.data = _plain(stated.rate), stated.rate_on
            self.rate_source.data = stated.rate_source


class CorrectionForm(ContributionForm):
    reason = TextField(
        _l("What was wrong"),
        [DataRequired(_l("Say what was wrong.")), AtMost(1000)],
        description=_l("Whoever sees the entry that was wrong sees this, too."),
    )


class TakeBackForm(Form):
    from_on = DayField(
        _l("Counts no more from"),
        [DataRequired(_l("Give the day."))],
        description=_l("The day it was given, where it never should have been recorded."),
    )
    reason = TextField(_l("Why it is taken back"), [DataRequired(_l("Say why.")), AtMost(1000)])


def _check_currency(field: LineField) -> None:
    if field.data and not _CURRENCY.fullmatch(field.data.upper()):
        raise ValidationError(_("Give three letters as in ISO 4217, such as CAD."))


def _plain(amount: Decimal | None) -> str:
    if amount is None:
        return ""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
