"""The schema against the values it fills and the words the models know."""

from collections.abc import Iterator
from dataclasses import MISSING, fields
from enum import StrEnum

import pytest

from app.contributions.models import ContributionKind
from app.core.territories import member_codes
from app.deadlines.models import DeadlineKind
from app.deliverables.models.assignments import AssignmentRole, AssignmentState
from app.deliverables.models.deliverables import DeliverableKind
from app.meetings.models import MeetingStatus
from app.members.models import DecisionRule, Level, MemberStatus
from app.plans.reading.entries import Kind
from app.plans.reading.scalars import OneOf
from app.plans.reading.schema import FORMATS
from app.plans.reading.schema import fields as words
from app.priorities.models.outside import Relation
from app.priorities.models.priorities import Basis, Horizon
from app.priorities.models.questions import QuestionStatus, Theme

SETTLED = {"file", "line", "exists_from", "effective_on"}


def kinds(kind: Kind) -> Iterator[Kind]:
    yield kind
    for each in kind.fields:
        if isinstance(each.takes, Kind):
            yield from kinds(each.takes)


ALL = [each for top in FORMATS.values() for each in kinds(top) if each.value]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.value.__name__)
def test_a_kind_reads_the_attributes_of_its_value_and_no_others(kind):
    assert kind.value is not None
    attributes = {each.name: each for each in fields(kind.value)}
    read = {each.attribute for each in kind.fields}
    assert read <= attributes.keys()
    assert attributes.keys() - read <= SETTLED
    needed = {
        name
        for name, each in attributes.items()
        if each.default is MISSING and each.default_factory is MISSING
    }
    assert needed - SETTLED <= {each.attribute for each in kind.fields if each.required}


@pytest.mark.parametrize(
    ("read", "kept"),
    [
        (words.BASIS, Basis),
        (words.THEME, Theme),
        (words.HORIZON, Horizon),
        (words.DECISION_RULE, DecisionRule),
        (words.MEMBER_STATUS, MemberStatus),
        (words.LEVEL, Level),
        (words.DEADLINE_KIND, DeadlineKind),
        (words.DELIVERABLE_KIND, DeliverableKind),
        (words.ROLE, AssignmentRole),
        (words.STATE, AssignmentState),
        (words.QUESTION_STATUS, QuestionStatus),
        (words.RELATION, Relation),
        (words.CONTRIBUTION_KIND, ContributionKind),
        (words.MEETING_STATUS, MeetingStatus),
    ],
)
def test_a_file_may_say_exactly_the_words_that_can_be_kept(read: OneOf, kept: type[StrEnum]):
    assert set(read.allowed) == set(kept)


def test_members_are_the_249_territories_of_iso_3166_and_eu():
    assert len(member_codes()) == 250
    assert {"EU", "NO", "TW", "AX"} <= member_codes()
    assert not {"UK", "XK", "UN", "ZZ"} & member_codes()
