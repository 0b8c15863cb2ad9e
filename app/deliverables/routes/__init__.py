"""Pages about deliverables: one file for each thing that is done with them."""

from app.deliverables.routes import (
    dates,
    deadlines,
    marking,
    muting,
    planning,
    priorities,
    selection,
    updates,
    views,
)
from app.deliverables.routes.deliverables import blueprint

__all__ = [
    "blueprint",
    "dates",
    "deadlines",
    "marking",
    "muting",
    "planning",
    "priorities",
    "selection",
    "updates",
    "views",
]
