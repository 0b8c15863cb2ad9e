"""Pages about mails: what one is told, and what its links open."""

from app.reminders.routes import links, own
from app.reminders.routes.links import blueprint

__all__ = ["blueprint", "links", "own"]
