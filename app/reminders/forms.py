"""What people choose about mails."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.notices.rules import CHOICES, Cadence, Topic, open_to
from app.web.forms import Form
from app.web.labels import label


class ChoicesForm(Form):
    """One field for each topic, of its name."""

    due = SelectField(
        _l("What falls due"),
        [InputRequired()],
        description=_l("Before the day, on it, and again while it is late."),
    )
    stale = SelectField(
        _l("What nothing was heard of"),
        [InputRequired()],
        description=_l("Deliverables that your member leads and that had no update for long."),
    )
    asked = SelectField(
        _l("What you are asked"),
        [InputRequired()],
        description=_l("Questions, reports before a meeting, parts to take."),
    )
    actions = SelectField(
        _l("What meetings asked you to do"),
        [InputRequired()],
        description=_l("When it is new, and when it falls due."),
    )
    agendas = SelectField(_l("Agendas that are published"), [InputRequired()])
    decisions = SelectField(
        _l("Decisions that wait for you"),
        [InputRequired()],
        description=_l("When one opens, and before it closes without an answer of yours."),
    )
    digest = SelectField(
        _l("The week in one mail"),
        [InputRequired()],
        description=_l("What waits for you, what falls due, what others did."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in CHOICES:
            self[topic.value].choices = [(each.value, label(each)) for each in open_to(topic)]

    def show(self, chosen: Mapping[Topic, Cadence]) -> None:
        for topic, cadence in chosen.items():
            self[topic.value].data = cadence.value

    @property
    def chosen(self) -> dict[Topic, Cadence]:
        """Only after it validated."""
        return {topic: Cadence(self[topic.value].data) for topic in CHOICES}
