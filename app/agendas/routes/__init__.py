"""The pages of agendas. Each module adds its own to the blueprint."""

from app.agendas.routes import items, pages
from app.agendas.routes.loading import blueprint

__all__ = ["blueprint", "items", "pages"]
