"""The pages of cadences and meetings. Each module adds its own to the blueprint."""

from app.meetings.routes import cadence, meetings
from app.meetings.routes.loading import blueprint

__all__ = ["blueprint", "cadence", "meetings"]
