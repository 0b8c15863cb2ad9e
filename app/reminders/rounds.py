"""What a round of work counts."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

Clock = Callable[[], datetime]
IsOver = Callable[[], bool]


@dataclass
class Done:
    """What a round did. `errors` is what the other sides said where they took nothing."""

    queued: int = 0
    sent: int = 0
    dropped: int = 0
    failed: int = 0
    given_up: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def never() -> bool:
    return False
