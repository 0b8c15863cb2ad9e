"""Who may change priorities, questions and what is around the network."""

from app.core.errors import N_, Forbidden
from app.core.permissions import Actor, Permission, can


def check_planner(actor: Actor) -> None:
    if not can(actor, Permission.DELIVERABLE_PLAN) and not can(actor, Permission.PLAN_IMPORT):
        raise Forbidden(N_("Only a coordinator changes priorities and questions."))
