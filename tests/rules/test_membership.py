"""Every pair of standings, and what is not known of criteria."""

from itertools import product

import pytest

from app.members.rules.standings import MemberStatus as S
from app.membership.rules import (
    STEPS,
    AdmissionCriterion,
    Finding,
    not_met,
    open_steps,
)

ALLOWED = {
    (None, S.PROSPECTIVE),
    (None, S.OBSERVER),
    (None, S.PARTNER),
    (S.PROSPECTIVE, S.OBSERVER),
    (S.PROSPECTIVE, S.PARTNER),
    (S.PROSPECTIVE, S.MEMBER),
    (S.OBSERVER, S.PROSPECTIVE),
    (S.OBSERVER, S.PARTNER),
    (S.OBSERVER, S.MEMBER),
    (S.OBSERVER, S.FORMER),
    (S.PARTNER, S.PROSPECTIVE),
    (S.PARTNER, S.OBSERVER),
    (S.PARTNER, S.MEMBER),
    (S.PARTNER, S.FORMER),
    (S.MEMBER, S.FORMER),
    (S.FORMER, S.PROSPECTIVE),
    (S.FORMER, S.OBSERVER),
    (S.FORMER, S.PARTNER),
}


@pytest.mark.parametrize(("held", "then"), list(product((None, *S), S)))
def test_from_each_standing_only_some_can_follow(held: S | None, then: S) -> None:
    assert (then in STEPS[held]) is ((held, then) in ALLOWED)
    assert (then in open_steps(held)) is ((held, then) in ALLOWED)


def test_whatever_is_not_found_to_be_met_is_not_known_to_be_met() -> None:
    for findings in product((None, *Finding), repeat=len(AdmissionCriterion)):
        known = {c: f for c, f in zip(AdmissionCriterion, findings, strict=True) if f is not None}
        expected = [c for c in AdmissionCriterion if known.get(c) != Finding.MET]
        assert list(not_met(known)) == expected
