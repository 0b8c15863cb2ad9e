"""What people fill in about deliverables."""

from app.deliverables.forms.attention import MuteForm, ThresholdsForm
from app.deliverables.forms.dates import DateAnswerForm, DateForm
from app.deliverables.forms.lists import AskForm, AssignForm, MoveForm
from app.deliverables.forms.updates import HTTP_ONLY, AnswerForm, StandingForm, UpdateForm
from app.deliverables.forms.views import ShareForm, ViewForm

__all__ = [
    "HTTP_ONLY",
    "AnswerForm",
    "AskForm",
    "AssignForm",
    "DateAnswerForm",
    "DateForm",
    "MoveForm",
    "MuteForm",
    "ShareForm",
    "StandingForm",
    "ThresholdsForm",
    "UpdateForm",
    "ViewForm",
]
