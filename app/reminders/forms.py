"""What people choose about mails."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.notices.rules import CHOICES, Cadence, Happening, Topic, open_to
from app.reminders.rules import Settings
from app.web.forms import AtMost, Form, LineField, MultiCheckboxField
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


class RemindersForm(Form):
    """In days; numbers with commas or blanks between them."""

    days_before = LineField(
        _l("Days before the due day"),
        [AtMost(60)],
        description=_l("For example 30, 14, 7, 1, 0. 0 is the day itself."),
    )
    late_every = LineField(_l("While it is late, again after so many days"), [AtMost(5)])
    late_most = LineField(_l("While it is late, at most so many times"), [AtMost(5)])

    def show_settings(self, settings: Settings) -> None:
        self.days_before.data = ", ".join(str(day) for day in settings.days_before)
        self.late_every.data = str(settings.late_every)
        self.late_most.data = str(settings.late_most)

    @property
    def given(self) -> dict[str, object]:
        """What is no number stays text, for the rules to refuse."""
        words = (self.days_before.data or "").replace(",", " ").split()
        return {
            "days_before": [_number(word) for word in words],
            "late_every": _number(self.late_every.data or ""),
            "late_most": _number(self.late_most.data or ""),
        }


class WebhookForm(Form):
    address = LineField(
        _l("Address"),
        [InputRequired(_l("Give the address that is called.")), AtMost(2000)],
        description=_l("It begins with https://."),
    )
    happenings = MultiCheckboxField(_l("It is told when"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.happenings.choices = [(each.value, label(each)) for each in Happening]

    @property
    def wanted(self) -> list[Happening]:
        """Only after it validated."""
        return [Happening(word) for word in self.happenings.data or ()]


def _number(text: str) -> object:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text
