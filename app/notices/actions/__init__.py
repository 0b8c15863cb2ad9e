"""What others do with the outbox: say that something happened, tell a reader."""

from app.notices.actions.choosing import choose
from app.notices.actions.happening import all_happened, happened
from app.notices.actions.queueing import tell

__all__ = ["all_happened", "choose", "happened", "tell"]
