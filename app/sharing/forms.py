"""Choosing how a thing is marked and whom it is shared with."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from app.core.markings import Marking, is_wider
from app.sharing.rules import Sharing
from app.web.forms import Form, MultiCheckboxField, SeenField

Named = tuple[int, str]
"""A number and how it is called."""


@dataclass(frozen=True, slots=True)
class Nameable:
    """Whom a thing can be shared with."""

    members: Sequence[Named]
    accounts: Sequence[Named]


NOBODY = Nameable((), ())

MEANS = {
    Marking.CLEAR: _l("anyone, the public page included"),
    Marking.GREEN: _l("every account"),
    Marking.AMBER: _l("coordinators, and the members it is shared with"),
    Marking.AMBER_STRICT: _l("the same, but never by feed or mail"),
    Marking.RED: _l("only the people named, on screen"),
}
"""Who sees what is marked so."""


class SharingFields(Form):
    """For a form of something that is marked. The names of the fields are those that a refusal of
    `sharing.actions` names."""

    marking = SelectField(
        _l("Marking"),
        [InputRequired(_l("Choose a marking."))],
        description=_l("Never wider than that of what it belongs to."),
        validate_choice=False,
    )
    members = MultiCheckboxField(
        _l("Also shared with"),
        coerce=int,
        description=_l("Where it is AMBER: members beyond those that have a part in it."),
    )
    accounts = MultiCheckboxField(
        _l("People named"),
        coerce=int,
        description=_l("Where it is RED: they alone see it, you among them."),
    )

    def offer_sharing(self, offered: Nameable, widest: Marking = Marking.CLEAR) -> None:
        """Markings from `widest` on."""
        self.marking.choices = [
            (marking.value, _("%(label)s: %(who)s", label=marking.label, who=MEANS[marking]))
            for marking in Marking
            if not is_wider(marking, widest)
        ]
        self.members.choices = list(offered.members)
        self.accounts.choices = list(offered.accounts)

    @property
    def names_somebody(self) -> bool:
        """Whether what was sent names members or people."""
        return bool(self.members.raw_data or self.accounts.raw_data)

    def show_sharing(self, sharing: Sharing) -> None:
        self.marking.data = sharing.marking.value
        self.members.data = sorted(sharing.members)
        self.accounts.data = sorted(sharing.accounts)

    def validate_marking(self, field: SelectField) -> None:
        # What is too wide is for the action to refuse: it says why.
        if field.data and field.data not in set(Marking):
            raise ValidationError(_("Choose a marking."))

    @property
    def sharing(self) -> Sharing:
        """Only after it validated."""
        return Sharing(
            Marking(self.marking.data),
            frozenset(self.members.data or ()),
            frozenset(self.accounts.data or ()),
        )


class SharingForm(SharingFields):
    """`seen` is the version of the thing that its author had before them, where it has one."""

    seen = SeenField()
