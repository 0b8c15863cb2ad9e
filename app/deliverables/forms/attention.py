"""What coordinators fill in about flags."""

from dataclasses import asdict, fields

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import DataRequired, ValidationError

from app.deliverables.actions.muting import MuteEntry
from app.deliverables.rules.attention import Flag
from app.deliverables.rules.thresholds import Thresholds
from app.web.forms import AtMost, DayField, Form, LineField, TextField


class MuteForm(Form):
    """Keeps a flag from counting until a day."""

    flag = HiddenField()
    until_on = DayField(
        _l("Counts again from"),
        [DataRequired(_l("Give the day from which the flag counts again."))],
        description=_l("A year ahead at most."),
    )
    reason = TextField(
        _l("Reason"),
        [DataRequired(_l("Say in a few words why it need not count.")), AtMost(2000)],
        description=_l("Everybody who sees the flag sees it, and it is kept."),
    )

    def validate_flag(self, field: HiddenField) -> None:
        if field.data not in set(Flag):
            raise ValidationError(_("There is no such flag."))

    @property
    def entry(self) -> MuteEntry:
        """Only after it validated."""
        assert self.until_on.data is not None  # noqa: S101 - DataRequired saw to it
        return MuteEntry(
            flag=Flag(self.flag.data or ""),
            until_on=self.until_on.data,
            reason=self.reason.data or "",
        )


class ThresholdsForm(Form):
    """In days; an open field takes the usual number. `seen` is what they were when it was shown."""

    seen = HiddenField()
    due_soon_days = LineField(_l("Due soon: days before the due day"), [AtMost(5)])
    stale_days = LineField(_l("No recent update: days without one"), [AtMost(5)])
    stale_days_when_due = LineField(
        _l("No recent update: days without one when it is due soon or late"), [AtMost(5)]
    )
    stale_when_due_within = LineField(
        _l("“Due soon” there means within so many days"),
        [AtMost(5)],
        description=_l("A missing lead becomes pressing then, too."),
    )
    review_days = LineField(_l("Awaiting review: days in review"), [AtMost(5)])

    report_days = LineField(
        _l("Reports: due so many days before their meeting"),
        [AtMost(5)],
        description=_l("A meeting can have a number of its own, where the reports are asked for."),
    )

    def show(self, limits: Thresholds) -> None:
        for name, days in asdict(limits).items():
            self[name].data = str(days)
        self.seen.data = limits.text

    @property
    def days(self) -> dict[str, object]:
        """What was filled in; what is no number stays text, for the rules to refuse."""
        texts = {each.name: (self[each.name].data or "") for each in fields(Thresholds)}
        return {
            name: int(text) if text.isascii() and text.isdigit() else text
            for name, text in texts.items()
            if text
        }
