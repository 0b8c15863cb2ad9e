"""What coordinators fill in about questions."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired

from app.priorities.actions.questions import QuestionEntry
from app.priorities.models import Question, QuestionStatus, Theme
from app.web.forms import AtMost, Form, LineField, TextField
from app.web.labels import choices


class QuestionForm(Form):
    title = LineField(_l("Question"), [DataRequired(_l("Write the question.")), AtMost(300)])
    theme = SelectField(_l("Theme"), [InputRequired(_l("Choose a theme."))])
    recommendation = TextField(_l("Recommendation to start from"), [AtMost(5000)])
    note = TextField(_l("Note"), [AtMost(5000)])

    def offer(self) -> None:
        self.theme.choices = choices(Theme)

    def show(self, question: Question) -> None:
        self.title.data, self.theme.data = question.title, question.theme.value
        self.recommendation.data, self.note.data = question.recommendation, question.note

    def entry(self, source_id: int | None = None) -> QuestionEntry:
        """Only after it validated."""
        return QuestionEntry(
            title=self.title.data or "",
            theme=Theme(self.theme.data),
            recommendation=self.recommendation.data or "",
            note=self.note.data or "",
            source_id=source_id,
        )


class StatusForm(Form):
    """How a question stands from today on."""

    status = SelectField(_l("Status"), [InputRequired(_l("Choose a status."))])
    reason = TextField(_l("Reason"), [DataRequired(_l("Say why it stands so now.")), AtMost(2000)])

    def offer(self) -> None:
        self.status.choices = choices(QuestionStatus)
