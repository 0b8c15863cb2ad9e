"""Pages of the desk: one file for each thing that is done at it."""

from app.desk.routes import table
from app.desk.routes.desk import blueprint

__all__ = ["blueprint", "table"]
