"""What people fill in about deliverables."""

from app.deliverables.forms.attention import MuteForm, ThresholdsForm
from app.deliverables.forms.dates import DateAnswerForm, DateForm
from app.deliverables.forms.updates import HTTP_ONLY, AnswerForm, UpdateForm

__all__ = [
    "HTTP_ONLY",
    "AnswerForm",
    "DateAnswerForm",
    "DateForm",
    "MuteForm",
    "ThresholdsForm",
    "UpdateForm",
]
