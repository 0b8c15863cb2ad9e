"""Pages about decisions: reading them, putting them, answering them."""

from app.decisions.routes import answering, files, proposing
from app.decisions.routes.pages import blueprint

__all__ = ["answering", "blueprint", "files", "proposing"]
