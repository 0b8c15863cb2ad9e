"""Whether a member was there, and whether it can come."""

from enum import StrEnum


class Presence(StrEnum):
    ATTENDED = "attended"
    REMOTE = "remote"
    ABSENT = "absent"


class Availability(StrEnum):
    YES = "yes"
    IF_NEEDED = "if_needed"
    NO = "no"
