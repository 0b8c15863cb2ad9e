"""Where the network stands, for programs: the figures of the pages."""

from app.dashboards.api import plan, reads
from app.dashboards.api.reads import blueprint

__all__ = ["blueprint", "plan", "reads"]
