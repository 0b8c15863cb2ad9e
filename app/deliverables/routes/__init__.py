"""Pages about deliverables: one file for each thing that is done with them."""

from app.deliverables.routes import dates, muting, selection, updates, views
from app.deliverables.routes.deliverables import blueprint

__all__ = ["blueprint", "dates", "muting", "selection", "updates", "views"]
