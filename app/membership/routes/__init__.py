"""Who leads, what everything is called, and who may join."""

from app.membership.routes.leadership import blueprint as leadership
from app.membership.routes.membership import blueprint as membership
from app.membership.routes.names import blueprint as names

__all__ = ["leadership", "membership", "names"]
