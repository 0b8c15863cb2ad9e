"""Who may change what the network says of itself and of its members."""

from app.core.errors import N_, Forbidden
from app.core.permissions import Actor, Permission, can


def check_planner(actor: Actor) -> None:
    if not can(actor, Permission.DELIVERABLE_PLAN) and not can(actor, Permission.PLAN_IMPORT):
        raise Forbidden(N_("Only a coordinator changes what the network is and who is in it."))
