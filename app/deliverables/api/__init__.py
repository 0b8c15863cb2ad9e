"""Deliverables for programs: the same queries as the pages, the same actions as the forms."""

from app.deliverables.api import dates, muting, plan, reads, standing, writes
from app.deliverables.api.reads import blueprint

__all__ = ["blueprint", "dates", "muting", "plan", "reads", "standing", "writes"]
