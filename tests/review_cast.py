"""What the tests of reviews are about."""

from dataclasses import dataclass

from app.deadlines.models import Deadline
from app.deliverables.models import Deliverable


@dataclass
class Summit:
    """`draft` is at work and needs `terms`, which Kenya leads; `ready` is in review; `done` is
    delivered; `later` is another deadline."""

    deadline: Deadline
    later: Deadline
    terms: Deliverable
    draft: Deliverable
    ready: Deliverable
    done: Deliverable
