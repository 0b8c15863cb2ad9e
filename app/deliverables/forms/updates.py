"""What people fill in to log an update, and to answer for a part."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import URL, AnyOf, DataRequired, InputRequired, Optional, ValidationError

from app.core.filestore import sha256
from app.core.markings import Marking, is_wider
from app.deliverables.actions.updates import EvidenceLink, StoredFile, UpdateEntry
from app.deliverables.models import StatusUpdate
from app.deliverables.rules.files import LARGEST, kind_of, safe_name
from app.deliverables.rules.moves import Hand, Health, Status, open_moves
from app.sharing.forms import Nameable, SharingFields
from app.sharing.rules import Sharing
from app.web.forms import AtMost, DayField, Form, LineField, SeenField, TextField, UploadField
from app.web.labels import label

HTTP_ONLY = ("http://", "https://")


class StandingForm(Form):
    """Where a deliverable stands. `seen` is the newest update that its author had before them."""

    # Which moves are open is for the action to say: it knows why the others are not.
    status = SelectField(
        _l("Status"), [InputRequired(_l("Choose a status."))], validate_choice=False
    )
    health = SelectField(
        _l("Health"), description=_l("For work that is going on."), validate_choice=False
    )
    progress = LineField(
        _l("Progress in per cent"),
        [AtMost(4)],
        description=_l("0 to 100; leave it open when it is not known."),
    )
    note = TextField(_l("Note"), [AtMost(5000)], description=_l("What happened, in a sentence."))
    seen = SeenField()

    def offer(self, status: Status, hand: Hand) -> None:
        """The moves that are open, the present status first."""
        self.status.choices = [
            (status.value, _("%(status)s (as it is)", status=label(status))),
            *((move.value, label(move)) for move in open_moves(status, hand)),
        ]
        self.health.choices = [("", _("Not stated")), *((h.value, label(h)) for h in Health)]

    def validate_progress(self, field: LineField) -> None:
        text = (field.data or "").removesuffix("%").strip()
        if text and not (text.isascii() and text.isdigit() and int(text) <= 100):
            raise ValidationError(_("Give a whole number from 0 to 100, or leave it open."))

    def validate_status(self, field: SelectField) -> None:
        if field.data not in set(Status):
            raise ValidationError(_("Choose a status."))

    def validate_health(self, field: SelectField) -> None:
        if field.data and field.data not in set(Health):
            raise ValidationError(_("Choose one of the words."))

    @property
    def percent(self) -> int | None:
        """Only after it validated; None where it is not known."""
        text = (self.progress.data or "").removesuffix("%").strip()
        return int(text) if text else None


class UpdateForm(StandingForm, SharingFields):
    """One status update, with everything that can be said in it."""

    blocker = TextField(_l("What blocks it"), [AtMost(2000)])
    next_step = TextField(_l("Next step"), [AtMost(2000)])
    evidence_title = LineField(_l("Evidence: title"), [AtMost(300)])
    evidence_url = LineField(
        _l("Evidence: address"),
        [Optional(), AtMost(2000), URL(message=_l("Give a whole address, as https://…"))],
        description=_l("A link that shows it. “Delivered” needs a link or a file."),
    )
    evidence_file = UploadField(
        _l("Evidence: file"),
        description=_l("PDF, DOCX, XLSX, PNG, JPEG, CSV or text; 10 MB at most."),
    )
    # Left out, it is marked and shared as its deliverable is.
    marking = SelectField(_l("Marking"), [Optional()], validate_choice=False)
    evidence_marking = SelectField(
        _l("Evidence: marking"),
        validate_choice=False,
        description=_l("The same people are named as for the update."),
    )
    effective_on = DayField(
        _l("Holds from"),
        [DataRequired(_l("Give the day from which this holds."))],
        description=_l("The day in UTC on which it became true; today unless you say otherwise."),
    )

    def offer_sharing(self, offered: Nameable, widest: Marking = Marking.CLEAR) -> None:
        super().offer_sharing(offered, widest)
        narrower = [(m.value, m.label) for m in Marking if not is_wider(m, widest)]
        self.evidence_marking.choices = [("", _("As the update")), *narrower]

    def show(self, update: StatusUpdate) -> None:
        """What an update says, to be put right."""
        self.status.data = update.status.value
        self.health.data = update.health.value if update.health else ""
        self.progress.data = "" if update.progress is None else str(update.progress)
        self.note.data = update.note
        self.blocker.data = update.blocker
        self.next_step.data = update.next_step
        self.effective_on.data = update.effective_on

    def validate_evidence_marking(self, field: SelectField) -> None:
        if field.data and field.data not in set(Marking):
            raise ValidationError(_("Choose a marking."))

    def validate_evidence_url(self, field: LineField) -> None:
        if field.data and not field.data.lower().startswith(HTTP_ONLY):
            raise ValidationError(_("Give an address that begins with http:// or https://."))

    def validate_evidence_title(self, field: LineField) -> None:
        if field.data and not self.evidence_url.data and not self.evidence_file.content:
            raise ValidationError(_("Give the address or the file, or leave the title open."))

    def validate_evidence_file(self, field: UploadField) -> None:
        if not field.content:
            return
        if len(field.content) > LARGEST:
            raise ValidationError(_("The file is larger than 10 MB. Give a link instead."))
        if kind_of(field.content, field.name_given) is None:
            raise ValidationError(
                _(
                    "This is none of the kinds of file that are kept, or it holds macros. "
                    "What counts is what is in it, not its name."
                )
            )

    @property
    def entry(self) -> UpdateEntry:
        """Only after it validated."""
        effective_on = self.effective_on.data
        assert effective_on is not None  # noqa: S101 - DataRequired saw to it
        return UpdateEntry(
            status=Status(self.status.data),
            effective_on=effective_on,
            health=Health(self.health.data) if self.health.data else None,
            progress=self.percent,
            note=self.note.data or "",
            blocker=self.blocker.data or "",
            next_step=self.next_step.data or "",
            evidence=self._evidence(),
            sharing=self.sharing if self.marking.data else None,
            seen_update_id=self.seen.data or None,
            checks_seen=True,
        )

    @property
    def file(self) -> StoredFile | None:
        """Only after it validated."""
        content, name = self.evidence_file.content, self.evidence_file.name_given
        kind = kind_of(content, name) if content else None
        if kind is None:
            return None
        return StoredFile(
            sha256=sha256(content), name=safe_name(name, kind), kind=kind, size=len(content)
        )

    @property
    def _sharing_of_evidence(self) -> Sharing | None:
        """None: as the update. The same people are named."""
        if not self.evidence_marking.data:
            return None
        marking = Marking(self.evidence_marking.data)
        members = frozenset(self.members.data or ())
        return Sharing(marking, members, frozenset(self.accounts.data or ()))

    def _evidence(self) -> tuple[EvidenceLink, ...]:
        """A link, a file, or both; the title is that of the link where there is one."""
        url, title, file = self.evidence_url.data, self.evidence_title.data, self.file
        own = self._sharing_of_evidence
        links = [EvidenceLink(title=title or url, url=url, sharing=own)] if url else []
        if file is not None:
            called = file.name if url else title or file.name
            links.append(EvidenceLink(title=called, file=file, sharing=own))
        return tuple(links)


class AnswerForm(Form):
    """The member's answer to a part that was proposed to it."""

    answer = LineField(validators=[AnyOf(["accept", "decline"])])
    reason = TextField(_l("Reason"), [AtMost(2000)], description=_l("Needed to decline."))
    version = SeenField()
