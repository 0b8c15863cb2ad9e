"""Importing plan and record files."""

from app.plans.actions.importing import import_files
from app.plans.actions.recorder import recorder
from app.plans.actions.report import ImportReport, Outcome

__all__ = ["ImportReport", "Outcome", "import_files", "recorder"]
