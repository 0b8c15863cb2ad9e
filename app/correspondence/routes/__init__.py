"""Pages about letters: reading them, writing them down, moving them on, their files."""

from app.correspondence.routes import files, writing
from app.correspondence.routes.pages import blueprint

__all__ = ["blueprint", "files", "writing"]
