"""The pages of agendas. Each module adds its own to the blueprint."""

from app.agendas.routes import actions, items, minutes, pages, proposals, running
from app.agendas.routes.loading import blueprint

__all__ = ["actions", "blueprint", "items", "minutes", "pages", "proposals", "running"]
