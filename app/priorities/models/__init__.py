from app.priorities.models.outside import Body, Engagement, OutsideEvent, Programme, Relation
from app.priorities.models.priorities import Basis, Horizon, Priority, PriorityFunction
from app.priorities.models.questions import Question, QuestionState, QuestionStatus, Theme

__all__ = [
    "Basis",
    "Body",
    "Engagement",
    "Horizon",
    "OutsideEvent",
    "Priority",
    "PriorityFunction",
    "Programme",
    "Question",
    "QuestionState",
    "QuestionStatus",
    "Relation",
    "Theme",
]
