"""Which kind of office a title names. Titles are free: each source words them in its own way."""

from enum import StrEnum


class Office(StrEnum):
    CHAIR = "chair"
    COORDINATOR = "coordinator"
    TRACK = "track"
    OTHER = "other"


def office_of(title: str) -> Office:
    """“Inaugural chair” is a chair, “Network Coordinator” coordinates, “Co-lead, testing and
    evaluation track” leads a track."""
    words = title.casefold()
    if "track" in words:
        return Office.TRACK
    if "chair" in words:
        return Office.CHAIR
    return Office.COORDINATOR if "coordinator" in words else Office.OTHER
