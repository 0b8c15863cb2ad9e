"""The pages of agendas, and of the actions that meetings ask for. Each module adds its own to the
blueprint."""

from app.agendas.routes import items, marking, minutes, pages, proposals, running
from app.agendas.routes.actions import blueprint as actions
from app.agendas.routes.loading import blueprint

__all__ = ["actions", "blueprint", "items", "marking", "minutes", "pages", "proposals", "running"]
