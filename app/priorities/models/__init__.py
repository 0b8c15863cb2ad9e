from app.priorities.models.outside import Body, Engagement, OutsideEvent, Relation
from app.priorities.models.priorities import Basis, Horizon, Priority, PriorityFunction, Theme
from app.priorities.models.questions import Question, QuestionState, QuestionStatus

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
