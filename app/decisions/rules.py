"""What becomes of a proposal: who has a say, what counts, and whether it passes.

- Those have a say who are members on the day on which it closes (before: on the day asked for). Who
  left before is out, whatever it said; who joined meanwhile is in.
- Of each member the last position counts that was recorded while it was open: an objection that was
  withdrawn counts no more, a late position never did.
- Silence is assent only under a consensus that says so, only at the close, and only of who was a
  member the whole time.
- Consensus passes when nobody objects and as many answered as the quorum asks, one at least. An
  abstention answers; so does silence that is taken as assent.
- An opt-in passes when the quorum answered and somebody opted in. It binds those alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

ONE_MOMENT = timedelta(microseconds=1)


class DecisionState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PASSED = "passed"
    NOT_PASSED = "not_passed"
    WITHDRAWN = "withdrawn"


class Stance(StrEnum):
    SUPPORT = "support"
    NO_OBJECTION = "no_objection"
    ABSTAIN = "abstain"
    OBJECT = "object"
    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"


CONSENSUS = (Stance.SUPPORT, Stance.NO_OBJECTION, Stance.ABSTAIN, Stance.OBJECT)
OPT_IN = (Stance.OPT_IN, Stance.OPT_OUT)


class Result(StrEnum):
    AHEAD = "ahead"
    OPEN = "open"
    PASSED = "passed"
    NOT_PASSED = "not_passed"
    WITHDRAWN = "withdrawn"


class Why(StrEnum):
    """What decided it."""

    NO_SAY = "no_say"
    OBJECTION = "objection"
    QUORUM_MISSED = "quorum_missed"
    NOBODY_OPTED_IN = "nobody_opted_in"
    NO_OBJECTION = "no_objection"
    OPTED_IN = "opted_in"


@dataclass(frozen=True, slots=True)
class Terms:
    """`opens_at` is included, `closes_at` is not."""

    is_opt_in: bool
    quorum: int
    silence_is_assent: bool
    opens_at: datetime
    closes_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def stances(self) -> tuple[Stance, ...]:
        return OPT_IN if self.is_opt_in else CONSENSUS


@dataclass(frozen=True, slots=True)
class Said:
    """Given in the order in which it was recorded."""

    member_id: int
    stance: Stance
    at: datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """Days on which a member has a say: `until_on` is not included. A member can have several."""

    member_id: int
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """`stances` are those that count; `assumed` are the members whose silence is taken as assent;
    `silent` the others that did not answer. `bound` are the members that an opt-in binds."""

    result: Result
    why: Why | None
    entitled: tuple[int, ...]
    stances: Mapping[int, Stance]
    assumed: tuple[int, ...] = ()
    silent: tuple[int, ...] = ()
    objecting: tuple[int, ...] = ()
    bound: tuple[int, ...] = ()

    @property
    def answered(self) -> int:
        """Members that count towards the quorum."""
        return len(self.stances) + len(self.assumed)


def outcome(
    terms: Terms, seats: Iterable[Seat], positions: Sequence[Said], at: datetime
) -> Outcome:
    """How it stands at the instant `at`; final from `closes_at` on."""
    by_member = _by_member(seats)
    day = _day(min(at, terms.closes_at - ONE_MOMENT))
    entitled = tuple(sorted(m for m, spans in by_member.items() if _covers(spans, day, day)))
    if at < terms.opens_at and not _is_withdrawn(terms, at):
        return Outcome(Result.AHEAD, None, entitled, {}, silent=entitled)
    stances = _counted(terms, positions, at, entitled)
    quiet = tuple(member for member in entitled if member not in stances)
    assumed = _assumed(terms, by_member, quiet, day) if at >= terms.closes_at else ()
    objecting, bound = _with(stances, Stance.OBJECT), _with(stances, Stance.OPT_IN)
    result: Result
    why: Why | None
    result, why = _result(terms, len(entitled), len(stances) + len(assumed), objecting, bound)
    if _is_withdrawn(terms, at):
        result, why = Result.WITHDRAWN, None
    elif at < terms.closes_at:
        result = Result.OPEN
    return Outcome(
        result=result,
        why=why,
        entitled=entitled,
        stances=stances,
        assumed=assumed,
        silent=tuple(member for member in quiet if member not in assumed),
        objecting=objecting,
        bound=bound if result in (Result.PASSED, Result.OPEN) else (),
    )


def _assumed(
    terms: Terms, seats: Mapping[int, list[Seat]], quiet: Iterable[int], day: date
) -> tuple[int, ...]:
    if terms.is_opt_in or not terms.silence_is_assent:
        return ()
    first = _day(terms.opens_at)
    return tuple(member for member in quiet if _covers(seats[member], first, day))


def _result(
    terms: Terms,
    entitled: int,
    answered: int,
    objecting: tuple[int, ...],
    bound: tuple[int, ...],
) -> tuple[Result, Why]:
    if entitled == 0:
        return Result.NOT_PASSED, Why.NO_SAY
    if objecting:
        return Result.NOT_PASSED, Why.OBJECTION
    if answered < max(1, terms.quorum):
        return Result.NOT_PASSED, Why.QUORUM_MISSED
    if not terms.is_opt_in:
        return Result.PASSED, Why.NO_OBJECTION
    return (Result.PASSED, Why.OPTED_IN) if bound else (Result.NOT_PASSED, Why.NOBODY_OPTED_IN)


def _counted(
    terms: Terms, positions: Sequence[Said], at: datetime, entitled: tuple[int, ...]
) -> dict[int, Stance]:
    """The last of each member; a stance that the rule does not know is none."""
    end = terms.closes_at
    if terms.withdrawn_at is not None:
        end = min(end, terms.withdrawn_at)
    last: dict[int, Said] = {}
    for said in positions:
        is_in_time = terms.opens_at <= said.at < end and said.at <= at
        if not is_in_time or said.stance not in terms.stances or said.member_id not in entitled:
            continue
        before = last.get(said.member_id)
        if before is None or before.at <= said.at:
            last[said.member_id] = said
    return {member: last[member].stance for member in entitled if member in last}


def _is_withdrawn(terms: Terms, at: datetime) -> bool:
    when = terms.withdrawn_at
    return when is not None and when <= at and when < terms.closes_at


def _with(stances: Mapping[int, Stance], stance: Stance) -> tuple[int, ...]:
    return tuple(member for member, taken in stances.items() if taken is stance)


def _by_member(seats: Iterable[Seat]) -> dict[int, list[Seat]]:
    found: dict[int, list[Seat]] = {}
    for seat in seats:
        found.setdefault(seat.member_id, []).append(seat)
    return found


def _covers(seats: Iterable[Seat], first: date, last: date) -> bool:
    """Whether the spans, put together, hold on every day from `first` to `last`."""
    day = first
    for seat in sorted(seats, key=lambda seat: seat.from_on):
        if seat.from_on <= day < seat.until_on:
            day = seat.until_on
    return day > last


def _day(instant: datetime) -> date:
    """The day in UTC."""
    return instant.astimezone(UTC).date()
