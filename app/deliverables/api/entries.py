"""What the API takes about deliverables, assignments and updates."""

from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError, fields, validate, validates_schema

from app.core.clock import today
from app.core.markings import Marking
from app.deliverables.actions.entries import EvidenceLink, UpdateEntry
from app.deliverables.models import AssignmentRole, DeliverableKind
from app.deliverables.rules.moves import Health, Status
from app.priorities.models import Basis
from app.sharing.rules import Sharing
from app.web.api.fields import Body, Day, Text, a_address, a_code, a_key, a_line, a_number, a_word
from app.web.day import now

SENT_BY_PROGRAMS = tuple(str(marking) for marking in Marking if marking is not Marking.RED)
"""What is marked RED stays on the screen: it is neither read here nor written."""
MOST_AT_ONCE = 100
MOST_EVIDENCE = 20


def a_marking(**options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(SENT_BY_PROGRAMS), **options)


class EvidenceEntry(Body):
    title = a_line()
    url = a_address(required=True)


class UpdateEntrySchema(Body):
    """An update. Without `effective_on` it holds from today, without `marking` it is marked as the
    deliverable is. `seen_update` is the newest update that its author had read: somebody else's
    later one makes this a conflict (409)."""

    status = a_word(Status, required=True)
    effective_on = Day()
    health = a_word(Health, allow_none=True, load_default=None)
    progress = fields.Integer(
        strict=True, allow_none=True, load_default=None, validate=validate.Range(0, 100)
    )
    note = Text(load_default="")
    blocker = Text(longest=2000, load_default="")
    next_step = Text(longest=2000, load_default="")
    evidence = fields.List(
        fields.Nested(EvidenceEntry), load_default=(), validate=validate.Length(0, MOST_EVIDENCE)
    )
    marking = a_marking()
    corrects = a_number(metadata={"description": "The update that this one puts right."})
    seen_update = a_number()


class UpdateOfOne(UpdateEntrySchema):
    """An update that names its deliverable."""

    deliverable = a_key(required=True)


class UpdatesEntry(Body):
    """Several updates: each is logged on its own, and none held up by another."""

    updates = fields.List(
        fields.Nested(UpdateOfOne), required=True, validate=validate.Length(1, MOST_AT_ONCE)
    )


class AnswerEntry(Body):
    """`version` is that of the part, as the deliverable tells it; `reason` is needed to decline."""

    answer = fields.String(required=True, validate=validate.OneOf(["accept", "decline"]))
    reason = Text(longest=2000, load_default="")
    version = a_number(required=True)


class PartEntry(Body):
    """A part that is proposed to a member, which then accepts or declines."""

    member = a_code(required=True)
    role = a_word(AssignmentRole, required=True)
    reason = Text(longest=2000, load_default="")


class EndEntry(Body):
    """The part of a member ends from today on."""

    reason = Text(longest=2000, shortest=1, required=True)


class OneDate(Body):
    """A day of its own, or a deadline: then it moves when that does."""

    due_on = Day(allow_none=True, load_default=None)
    deadline = a_key(allow_none=True, load_default=None)

    @validates_schema
    def _either(self, data: dict[str, Any], **_options: Any) -> None:
        if (data.get("due_on") is None) == (data.get("deadline") is None):
            raise ValidationError(_("Give either a day or a deadline."), "due_on")


class _Due(Body):
    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_options: Any) -> None:
        if data.get("deadline") and data.get("own_due_on"):
            text = _("Give a deadline or a day, not both.")
            raise ValidationError(text, "own_due_on")


class NewDeliverable(_Due):
    """Known from today on. Due at a deadline, on a day of its own, or neither: unscheduled."""

    key = a_key(required=True)
    title = a_line(required=True)
    kind = a_word(DeliverableKind, required=True)
    priority = a_key(required=True)
    basis = a_word(Basis, required=True)
    note = Text(longest=5000, load_default="")
    marking = a_marking(load_default=str(Marking.GREEN))
    deadline = a_key(allow_none=True, load_default=None)
    own_due_on = Day(allow_none=True, load_default=None)


class DeliverableChange(_Due):
    """What is left out stays. `reason` is needed where the date moves; null for both dates:
    unscheduled."""

    title = a_line(required=False)
    kind = a_word(DeliverableKind)
    priority = a_key()
    basis = a_word(Basis)
    note = Text(longest=5000)
    deadline = a_key(allow_none=True)
    own_due_on = Day(allow_none=True)
    reason = Text(longest=2000, load_default="")


def as_entry(sent: dict[str, Any]) -> UpdateEntry:
    marked = sent.get("marking")
    return UpdateEntry(
        status=sent["status"],
        effective_on=sent.get("effective_on") or today(now()),
        health=sent["health"],
        progress=sent["progress"],
        note=sent["note"],
        blocker=sent["blocker"],
        next_step=sent["next_step"],
        evidence=[
            EvidenceLink(title=each.get("title") or each["url"], url=each["url"])
            for each in sent["evidence"]
        ],
        corrects_id=sent.get("corrects"),
        sharing=Sharing(Marking(marked)) if marked else None,
        seen_update_id=sent.get("seen_update"),
        checks_seen="seen_update" in sent,
    )
