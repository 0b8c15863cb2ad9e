from app.priorities.models.outside import Body, Engagement, OutsideEvent, Relation
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
    "Question",
    "QuestionState",
    "QuestionStatus",
    "Relation",
    "Theme",
]
