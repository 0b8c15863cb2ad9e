"""What is filled in to put a decision, to take a position and to take a proposal back."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.core.markings import SHARED_WITH_MEMBERS, Marking
from app.decisions.actions.proposing import ProposalEntry
from app.decisions.models import Decision
from app.decisions.rules import Stance, Terms
from app.deliverables.queries.choices import Option
from app.members.models import DecisionRule
from app.sharing.rules import Sharing
from app.web.forms import (
    AtMost,
    Form,
    LineField,
    MomentField,
    MultiCheckboxField,
    SeenField,
    TextField,
)
from app.web.labels import choices, label
from app.web.languages import territory

MARKINGS = (Marking.CLEAR, Marking.GREEN, Marking.AMBER, Marking.AMBER_STRICT)
"""What is RED is for the accounts that it names: no member could answer."""


class ProposalForm(Form):
    title = LineField(_l("Title"), [DataRequired(_l("Give it a title.")), AtMost(300)])
    proposal = TextField(
        _l("What is to be decided"),
        [DataRequired(_l("Write what is to be decided.")), AtMost(20000)],
        description=_l("It does not change any more once it is put to the members."),
    )
    rule = SelectField(_l("Rule"), [InputRequired(_l("Choose a rule."))])
    quorum = LineField(
        _l("Quorum"),
        [InputRequired(_l("Give a number of members.")), AtMost(3)],
        description=_l("As many members have to answer; one at least."),
    )
    silence_is_assent = BooleanField(
        _l("Silence is assent"),
        description=_l(
            "At the close, whoever was a member the whole time and did not answer has agreed. "
            "For a consensus only."
        ),
    )
    opens_at = MomentField(_l("Opens"), description=_l("Open: as soon as it is put."))
    closes_at = MomentField(_l("Closes"), [InputRequired(_l("Say when it closes."))])
    question = SelectField(_l("Question that it answers"))
    deliverable = LineField(
        _l("Key of the deliverable that it is about"),
        [AtMost(80)],
        description=_l("Whoever an opt-in binds gets a part in it."),
    )
    marking = SelectField(_l("Marking"), [InputRequired(_l("Choose a marking."))])
    members = MultiCheckboxField(_l("Shared with, where it is AMBER"))
    seen = SeenField()

    def offer(self, questions: Sequence[Option], members: Sequence[Option]) -> None:
        self.rule.choices = choices(DecisionRule)
        listed = [(option.key, option.title) for option in questions]
        self.question.choices = [("", _("None")), *listed]
        self.marking.choices = [(marking.value, label(marking)) for marking in MARKINGS]
        named = [(str(option.id), territory(option.key)) for option in members]
        self.members.choices = sorted(named, key=lambda pair: pair[1])

    def show(self, decision: Decision, sharing: Sharing, question: str, deliverable: str) -> None:
        self.title.data, self.proposal.data = decision.title, decision.proposal
        self.rule.data, self.quorum.data = decision.rule.value, str(decision.quorum)
        self.silence_is_assent.data = decision.silence_is_assent
        self.opens_at.data, self.closes_at.data = decision.opens_at, decision.closes_at
        self.question.data, self.deliverable.data = question, deliverable
        self.marking.data = decision.marking.value
        self.members.data = [str(member) for member in sorted(sharing.members)]
        self.seen.data = decision.version

    def validate_quorum(self, field: LineField) -> None:
        text = field.data or ""
        if not (text.isascii() and text.isdigit()):
            raise ValidationError(_("Give a whole number of members, from 0 up."))

    def validate_members(self, field: MultiCheckboxField) -> None:
        if self.marking.data in SHARED_WITH_MEMBERS and not field.data:
            raise ValidationError(_("Name the members that it is shared with: they decide it."))

    def entry(self, question_id: int | None, deliverable_id: int | None) -> ProposalEntry:
        """Only after it validated."""
        assert self.closes_at.data is not None  # noqa: S101 - InputRequired saw to it
        return ProposalEntry(
            title=self.title.data or "",
            proposal=self.proposal.data or "",
            rule=DecisionRule(self.rule.data),
            quorum=int(self.quorum.data or 0),
            silence_is_assent=bool(self.silence_is_assent.data),
            opens_at=self.opens_at.data,
            closes_at=self.closes_at.data,
            sharing=Sharing(
                Marking(self.marking.data), frozenset(int(each) for each in self.members.data or ())
            ),
            question_id=question_id,
            deliverable_id=deliverable_id,
        )


class PositionForm(Form):
    """A member's answer. It can be changed until the decision closes."""

    stance = SelectField(_l("Position"), [InputRequired(_l("Choose an answer."))])
    statement = TextField(
        _l("Statement"), [AtMost(5000)], description=_l("Whoever sees the decision sees it.")
    )

    def offer(self, terms: Terms) -> None:
        answers = [(stance.value, label(stance)) for stance in terms.stances]
        self.stance.choices = [("", _("Choose")), *answers]

    @property
    def chosen(self) -> Stance:
        return Stance(self.stance.data)


class WithdrawForm(Form):
    reason = TextField(
        _l("Reason"),
        [DataRequired(_l("Say in a few words why it is taken back.")), AtMost(2000)],
    )
    seen = SeenField()


class SeenForm(Form):
    """Nothing to fill in; only what its author had before them."""

    seen = SeenField()
