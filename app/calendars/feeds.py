"""The calendar of a feed, in the language of its account."""

from dataclasses import replace

from flask_babel import force_locale
from flask_babel import gettext as _

from app.calendars.dues import deadline_calendar, due_events
from app.calendars.frame import Frame
from app.calendars.meetings import meeting_events
from app.calendars.models import CalendarFeed, FeedPurpose
from app.calendars.queries.meetings import meetings_for
from app.calendars.series import series_calendar
from app.core.icalendar import Calendar
from app.members.models import Member
from app.web.languages import territory

REFRESH_HOURS = 6


def feed_calendar(frame: Frame, feed: CalendarFeed) -> Calendar:
    with force_locale(feed.account.language):
        return replace(_calendar(frame, feed), refresh_hours=REFRESH_HOURS)


def _calendar(frame: Frame, feed: CalendarFeed) -> Calendar:
    if feed.purpose is FeedPurpose.DEADLINES:
        return deadline_calendar(frame, _("Deadlines"))
    if feed.series is not None:
        return series_calendar(frame, feed.series)
    member_id = feed.account.member_id
    if member_id is None:  # the account is no liaison any more
        return Calendar(events=(), name=_("Nothing to see any more"))
    member = frame.session.get_one(Member, member_id)
    meetings = meeting_events(frame, meetings_for(frame.session, member_id, frame.as_of))
    name = _("%(member)s: meetings and due dates", member=territory(member.code, member.name))
    return Calendar(events=(*meetings, *due_events(frame, member_id)), name=name)
