"""Made-up facts about a deliverable, for the rules of attention."""

from datetime import date, timedelta

from hypothesis import strategies as st

from app.deliverables.rules.attention import DeliverableFacts, DependencyFacts
from app.deliverables.rules.moves import Health, Status
from app.deliverables.rules.thresholds import Thresholds

DAY = date(2025, 3, 1)
USUAL = Thresholds()
NEAR_DAYS = st.integers(-40, 40).map(lambda n: DAY + timedelta(n))

# Nothing about it needs anybody.
CALM = DeliverableFacts(
    key="vocabulary",
    exists_from=date(2024, 10, 30),
    status=Status.IN_PROGRESS,
    status_since=date(2025, 2, 20),
    health=Health.ON_TRACK,
    last_update_on=DAY,
    blocker="",
    due_on=DAY + timedelta(60),
    horizon="near",
    leads=(("GB", True),),
    dependencies=(),
)

dependencies = st.builds(
    DependencyFacts,
    key=st.sampled_from(["statement", "criteria", "leadership"]),
    due_on=st.none() | NEAR_DAYS,
    status=st.sampled_from(Status),
)
facts = st.builds(
    DeliverableFacts,
    key=st.just("vocabulary"),
    exists_from=st.integers(0, 60).map(lambda n: DAY - timedelta(n)),
    status=st.sampled_from(Status),
    status_since=st.integers(0, 20).map(lambda n: DAY - timedelta(n)),
    health=st.none() | st.sampled_from(Health),
    last_update_on=st.none() | st.integers(0, 60).map(lambda n: DAY - timedelta(n)),
    blocker=st.sampled_from(["", "  ", "No budget"]),
    due_on=st.none() | NEAR_DAYS,
    horizon=st.sampled_from(["near", "medium", "long"]),
    leads=st.lists(
        st.tuples(st.sampled_from(["GB", "SG", "US"]), st.booleans()),
        max_size=3,
        unique_by=lambda lead: lead[0],
    ).map(tuple),
    dependencies=st.lists(dependencies, max_size=3).map(tuple),
)
thresholds = st.builds(Thresholds, *[st.integers(0, 40)] * 6)
