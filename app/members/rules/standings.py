"""The standings that a member of the network, or whoever may become one, can have."""

from enum import StrEnum


class MemberStatus(StrEnum):
    PROSPECTIVE = "prospective"
    OBSERVER = "observer"
    PARTNER = "partner"
    MEMBER = "member"
    FORMER = "former"
