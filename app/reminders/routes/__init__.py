"""Pages about mails: what one is told, and what its links open."""

from app.reminders.routes import links, outbox, own
from app.reminders.routes.links import blueprint

__all__ = ["blueprint", "links", "outbox", "own"]
