"""The pages of cadences and meetings. Each module adds its own to the blueprint."""

from app.meetings.routes import attendance, cadence, meetings, series, times
from app.meetings.routes.loading import blueprint

__all__ = ["attendance", "blueprint", "cadence", "meetings", "series", "times"]
