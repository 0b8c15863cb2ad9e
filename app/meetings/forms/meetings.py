"""What people fill in about meetings."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import URL, DataRequired, Optional, ValidationError

from app.meetings.actions.meetings import MeetingEntry, Shown
from app.meetings.forms.fields import host_choices, minutes_of, time_of
from app.meetings.models import Meeting, MeetingSeries
from app.members.models import Member
from app.web.forms import AtMost, DayField, Form, LineField, SeenField, TextField

HTTP_ONLY = ("http://", "https://")
WHOLE_ADDRESS = _l("Give a whole address, as https://…")


def _is_link(_form: Form, field: LineField) -> None:
    if field.data and not field.data.lower().startswith(HTTP_ONLY):
        raise ValidationError(_("Give an address that begins with http:// or https://."))


class MeetingForm(Form):
    """When and where; `seen` is the version of the meeting that is being changed."""

    title = LineField(_l("Title"), [DataRequired(_l("Give the meeting a title.")), AtMost(300)])
    starts_on = DayField(_l("First day"), [DataRequired(_l("Give the day."))])
    ends_on = DayField(_l("Last day"), description=_l("Where it takes more than one day."))
    starts_at = LineField(
        _l("Begins at"), [AtMost(5)], description=_l("As 14:00, on the clock of its time zone.")
    )
    zone = LineField(
        _l("Time zone"),
        [DataRequired(_l("Give the time zone.")), AtMost(60)],
        description=_l("Where its days and times are meant, as Europe/Paris."),
    )
    duration_minutes = LineField(_l("Length in minutes"), [AtMost(5)])
    place = LineField(_l("Place"), [AtMost(200)])
    link = LineField(
        _l("Link to join"), [Optional(), AtMost(2000), URL(message=WHOLE_ADDRESS), _is_link]
    )
    host = SelectField(_l("Host"), validators=[Optional()])
    seen = SeenField()

    def offer(self, members: Iterable[Member]) -> None:
        self.host.choices = host_choices(members)

    def begin_with(self, series: MeetingSeries, host_id: int | None) -> None:
        """What the series says already, and whose turn it is to host."""
        self.host.data = str(host_id or "")
        self.title.data = series.title
        self.zone.data = series.zone
        self.duration_minutes.data = str(series.duration_minutes)
        self.starts_at.data = f"{series.starts_at:%H:%M}" if series.starts_at else ""

    def show(self, meeting: Meeting, local_start: str) -> None:
        self.title.data = meeting.title
        self.starts_on.data = meeting.starts_on
        self.ends_on.data = meeting.ends_on
        self.starts_at.data = local_start
        self.zone.data = meeting.zone
        minutes = meeting.duration_minutes
        self.duration_minutes.data = "" if minutes is None else str(minutes)
        self.place.data = meeting.place
        self.link.data = meeting.link
        self.host.data = str(meeting.host_id or "")
        self.seen.data = meeting.version

    def validate_starts_at(self, field: LineField) -> None:
        if field.data and time_of(field.data) is None:
            raise ValidationError(_("Write a time as 14:00."))

    def validate_duration_minutes(self, field: LineField) -> None:
        if field.data and minutes_of(field.data) is None:
            raise ValidationError(_("Give a whole number of minutes, at most a week’s."))

    @property
    def entry(self) -> MeetingEntry:
        """Only after it validated."""
        starts_on: date = self.starts_on.data  # type: ignore[assignment]
        return MeetingEntry(
            title=self.title.data or "",
            starts_on=starts_on,
            ends_on=None if self.ends_on.data == starts_on else self.ends_on.data,
            starts_at=time_of(self.starts_at.data or ""),
            zone=self.zone.data or "",
            duration_minutes=int(self.duration_minutes.data)
            if self.duration_minutes.data
            else None,
            place=self.place.data or "",
            link=self.link.data or "",
            host_id=int(self.host.data) if self.host.data else None,
        )


class ShownForm(Form):
    """Where it is shown that a meeting was held."""

    source_title = LineField(
        _l("Source: title"), [DataRequired(_l("Name the source.")), AtMost(500)]
    )
    source_url = LineField(
        _l("Source: address"),
        [
            DataRequired(_l("Give the address of the source.")),
            AtMost(2000),
            URL(message=WHOLE_ADDRESS),
            _is_link,
        ],
        description=_l("A page that says that the meeting was held."),
    )
    seen = SeenField()

    @property
    def shown(self) -> Shown:
        return Shown(title=self.source_title.data or "", url=self.source_url.data or "")


class HeldForm(MeetingForm, ShownForm):
    """A meeting that took place without having been planned here."""


class CancelForm(Form):
    reason = TextField(
        _l("Reason"), [DataRequired(_l("Say why the meeting is cancelled.")), AtMost(2000)]
    )
    seen = SeenField()
