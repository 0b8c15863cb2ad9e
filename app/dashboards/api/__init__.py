"""Where the network stands, for programs: the figures of the pages."""

from app.dashboards.api import compare, overviews, planning, reads
from app.dashboards.api.reads import blueprint

__all__ = ["blueprint", "compare", "overviews", "planning", "reads"]
