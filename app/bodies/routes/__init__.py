"""Bodies around the network."""

from app.bodies.routes import doings, pages
from app.bodies.routes.pages import blueprint

__all__ = ["blueprint", "doings", "pages"]
