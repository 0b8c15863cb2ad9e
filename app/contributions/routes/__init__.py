"""Pages about what members put in: reading it, recording it, putting it right."""

from app.contributions.routes import recording
from app.contributions.routes.pages import blueprint

__all__ = ["blueprint", "recording"]
