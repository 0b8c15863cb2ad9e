"""Who may join: the steps between standings, and the criteria for it."""

from collections.abc import Mapping
from enum import StrEnum

from app.members.rules.standings import MemberStatus


class AdmissionCriterion(StrEnum):
    EXPERTISE = "expertise"
    """It has the expertise that the network's work needs."""
    CAPACITY = "capacity"
    """It has people and means to take part."""
    EVIDENCE = "evidence"
    """There is public evidence of both."""


class Finding(StrEnum):
    """What no finding is known of is not known, which is not `not_met`."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"


_P, _O, _R, _M, _F = (
    MemberStatus.PROSPECTIVE,
    MemberStatus.OBSERVER,
    MemberStatus.PARTNER,
    MemberStatus.MEMBER,
    MemberStatus.FORMER,
)

STEPS: Mapping[MemberStatus | None, frozenset[MemberStatus]] = {
    None: frozenset({_P, _O, _R}),
    _P: frozenset({_O, _R, _M}),
    _O: frozenset({_P, _R, _M, _F}),
    _R: frozenset({_P, _O, _M, _F}),
    _M: frozenset({_F}),
    _F: frozenset({_P, _O, _R}),
}
"""From a standing (None: not in the network's books yet) to those it can be followed by. Nobody
becomes a member at once, and who left comes back by the way that all others come."""

CANDIDATES = frozenset({_P, _O, _R})
"""Those of whom it is asked whether they meet the criteria."""


def open_steps(standing: MemberStatus | None) -> tuple[MemberStatus, ...]:
    """What can follow, in the order of the standings."""
    return tuple(step for step in MemberStatus if step in STEPS[standing])


def not_met(findings: Mapping[AdmissionCriterion, Finding]) -> tuple[AdmissionCriterion, ...]:
    """The criteria that are not known to be met."""
    return tuple(
        criterion
        for criterion in AdmissionCriterion
        if findings.get(criterion, Finding.NOT_KNOWN) is not Finding.MET
    )
