"""What can come of an item of an agenda, and of what was asked for there."""

from enum import StrEnum


class Outcome(StrEnum):
    NOTED = "noted"
    AGREED = "agreed"
    DECIDED = "decided"
    DEFERRED = "deferred"
    ACTION = "action"


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class ProposedItemState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
