"""What of the plan is brought in and taken out by command."""

from app.plans.commands.members import member
from app.plans.commands.plans import plan
from app.plans.commands.sheets import assignment, contribution

__all__ = ["assignment", "contribution", "member", "plan"]
