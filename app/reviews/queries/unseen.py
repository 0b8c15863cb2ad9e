"""What whoever closes a review may not see of it: kept all the same, for those who may."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.deliverables.models import Deliverable
from app.people.models import Account
from app.reviews.models import DeadlineReview, ReviewChoice
from app.reviews.queries.content import Wanted, some
from app.reviews.rules.content import Entry
from app.sharing.models import AudienceAccount
from app.sharing.queries import visible


def unseen(session: Session, wanted: Wanted, review: DeadlineReview) -> tuple[Entry, ...]:
    """The entries of an open review that its reader may not see, each as somebody sees it who is
    named on it: whoever chose, else a coordinator, else the account named first. They are to be
    frozen and never shown to this reader."""
    hidden = _named_on(session, wanted, review)
    entries: list[Entry] = []
    for account, ids in _by_eyes(session, hidden).items():
        entries += some(session, replace(wanted, reader=account.actor), review, ids)
    return tuple(sorted(entries, key=lambda entry: entry.deliverable_id))


def _named_on(
    session: Session, wanted: Wanted, review: DeadlineReview
) -> Mapping[int, Sequence[int]]:
    """By deliverable: the accounts named on it, those who chose for it first."""
    chose = (
        select(func.max(ReviewChoice.version))
        .where(
            ReviewChoice.review_id == review.id,
            ReviewChoice.deliverable_id == Deliverable.id,
            ReviewChoice.chosen_by_id == AudienceAccount.account_id,
        )
        .correlate(Deliverable, AudienceAccount)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Deliverable.id, AudienceAccount.account_id)
        .join(AudienceAccount, AudienceAccount.audience_id == Deliverable.audience_id)
        .where(Deliverable.marking == Marking.RED, not_(visible(wanted.reader, Deliverable)))
        .order_by(Deliverable.id, func.coalesce(chose, 0).desc(), AudienceAccount.account_id)
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for deliverable_id, account_id in rows:
        found[deliverable_id].append(account_id)
    return found


def _by_eyes(
    session: Session, hidden: Mapping[int, Sequence[int]]
) -> Mapping[Account, Sequence[int]]:
    """Deliverables by the account through whose eyes they are kept."""
    ids = {account_id for named in hidden.values() for account_id in named}
    known = {
        account.id: account
        for account in session.scalars(select(Account).where(Account.id.in_(ids)))
    }
    found: defaultdict[Account, list[int]] = defaultdict(list)
    for deliverable_id, named in hidden.items():
        eyes = [known[account_id] for account_id in named]
        first = next((each for each in eyes if each.actor.coordinates), eyes[0])
        found[first].append(deliverable_id)
    return found
