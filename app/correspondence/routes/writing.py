"""Writing letters down, changing what they say, moving them on, marking them."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.markings import Marking
from app.core.permissions import Permission
from app.correspondence import actions, queries
from app.correspondence.actions import NOT_YOURS, LetterEntry, hand_of
from app.correspondence.forms import AmendForm, FileForm, LetterForm, StepForm
from app.correspondence.queries import LetterRow
from app.correspondence.routes.pages import blueprint, load, page
from app.correspondence.rules import Direction, LetterState, Purpose
from app.deliverables.queries import detail as deliverables
from app.deliverables.queries.choices import choices
from app.extensions import db
from app.people.naming import nameable
from app.sharing.actions import sharing_of
from app.sharing.forms import SharingForm
from app.web.access import access, actor, may
from app.web.day import now, present

Answer = Response | tuple[str, int]


@blueprint.get("/letters/new")
@access(Permission.LETTER_WRITE)
def new() -> str:
    direction = _direction()
    form = _offered(LetterForm(formdata=None), direction)
    form.marking.data, form.on.data = Marking.GREEN.value, present().today
    earlier = queries.find(db.session, actor(), present(), request.args.get("answers", ""))
    if earlier is not None:
        _prefill(form, earlier)
    return _form_page(form, direction, None)


@blueprint.post("/letters")
@access(Permission.LETTER_WRITE)
def register() -> Answer:
    direction = _direction()
    form = _offered(LetterForm(), direction)
    if form.validate_on_submit() and form.on.data is not None:
        try:
            made = actions.register(
                db.session, actor(), direction, _entry(form), form.sharing, form.on.data, now()
            )
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused)
        else:
            return _written(made.key)
    return _form_page(form, direction, None), 422


@blueprint.get("/letters/<key>/edit")
@access(Permission.LETTER_WRITE)
def edit(key: str) -> str:
    row = _own(key)
    form = _offered(AmendForm(formdata=None), row.letter.direction)
    about = queries.deliverable_of(db.session, actor(), row.letter)
    earlier = queries.answered(db.session, actor(), present(), row.letter)
    form.show(row.letter, about.key if about else "", earlier.key if earlier else "")
    return _form_page(form, row.letter.direction, row)


@blueprint.post("/letters/<key>/edit")
@access(Permission.LETTER_WRITE)
def amend(key: str) -> Answer:
    row = _own(key)
    form, letter = _offered(AmendForm(), row.letter.direction), row.letter
    if form.validate_on_submit():
        try:
            actions.amend(db.session, actor(), letter, _entry(form), form.seen.data, now())
        except Refused as refused:
            db.session.rollback()
            row = _own(key)
            if isinstance(refused, Conflict):
                form.seen.data = row.letter.version
            form.refuse(refused)
            return _form_page(form, row.letter.direction, row), refused.status
        return _written(key)
    return _form_page(form, row.letter.direction, row), 422


@blueprint.post("/letters/<key>/steps")
@access(Permission.LETTER_WRITE)
def move(key: str) -> Answer:
    row, form = _own(key), StepForm()
    if form.validate_on_submit() and form.on.data is not None:
        state, note, seen = LetterState(form.to.data), form.note.data or "", form.seen.data
        try:
            actions.move(db.session, actor(), row.letter, state, form.on.data, note, seen, now())
        except Refused as refused:
            db.session.rollback()
            if isinstance(refused, Conflict):
                form.seen.data = load(key).letter.version
            form.refuse(refused)
            return page(load(key), form, FileForm(formdata=None)), refused.status
        return _written(key)
    return page(load(key), form, FileForm(formdata=None)), 422


@blueprint.get("/letters/<key>/marking")
@access(Permission.LETTER_APPROVE)
def marking(key: str) -> str:
    row, form = load(key), SharingForm(formdata=None)
    form.offer_sharing(nameable(db.session))
    form.show_sharing(sharing_of(db.session, row.letter))
    form.seen.data = row.letter.version
    return render_template("correspondence/marking.html", letter=row.letter, form=form)


@blueprint.post("/letters/<key>/marking")
@access(Permission.LETTER_APPROVE)
def mark(key: str) -> Answer:
    letter, form = load(key).letter, SharingForm()
    form.offer_sharing(nameable(db.session))
    if form.validate_on_submit():
        wanted, seen = form.sharing, form.seen.data
        try:
            changed = actions.mark_letter(db.session, actor(), letter, wanted, seen, now())
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused)
        else:
            flash(_("Saved.") if changed else _("Nothing differs from before."), "success")
            return redirect(url_for("correspondence.index"), 303)
    letter = load(key).letter
    return render_template("correspondence/marking.html", letter=letter, form=form), 422


def _written(key: str) -> Response:
    flash(_("Saved."), "success")
    return redirect(url_for("correspondence.show", key=key), 303)


def _direction() -> Direction:
    """Liaisons write; what comes in is for coordinators."""
    asked = request.values.get("direction", "")
    is_incoming = asked == Direction.INCOMING and may(Permission.LETTER_APPROVE)
    return Direction.INCOMING if is_incoming else Direction.OUTGOING


def _own(key: str) -> LetterRow:
    """For those who may change it; others learn that they may not, if they may know of it."""
    row = load(key)
    if hand_of(actor(), row.letter) is None:
        raise Forbidden(NOT_YOURS)
    return row


def _offered(form: LetterForm, direction: Direction) -> LetterForm:
    others = [
        row.letter
        for row in queries.letters(db.session, actor(), present())
        if row.letter.direction is not direction
    ]
    own = None if may(Permission.LETTER_APPROVE) else actor().member_id
    known, bodies = choices(db.session, present()), queries.bodies(db.session, present())
    form.offer(known, bodies, others, own)
    form.offer_sharing(nameable(db.session))
    return form


def _prefill(form: LetterForm, earlier: LetterRow) -> None:
    """An answer to this letter."""
    letter = earlier.letter
    form.answers.data, form.body.data = letter.key, letter.body.key
    form.correspondent.data, form.due_on.data = letter.correspondent, letter.due_on
    form.title.data = _("Answer: %(title)s", title=letter.title)[:300]
    form.purpose.data = Purpose.IN_RESPONSE.value
    form.member.data = letter.member.code if letter.member else ""
    form.priority.data = letter.priority.key if letter.priority else ""
    form.show_sharing(sharing_of(db.session, letter))


def _entry(form: LetterForm) -> LetterEntry:
    """Raises Refused for a deliverable that is not there. Only after it validated."""
    known, key = choices(db.session, present()), form.deliverable.data or ""
    about = deliverables.find(db.session, actor(), key) if key else None
    if key and about is None:
        raise Refused(N_("There is no deliverable with this key."), field="deliverable")
    bodies = {body.key: body.id for body in queries.bodies(db.session, present())}
    earlier = queries.find(db.session, actor(), present(), form.answers.data or "")
    return LetterEntry(
        title=form.title.data or "",
        purpose=Purpose(form.purpose.data),
        body_id=bodies[form.body.data],
        correspondent=form.correspondent.data or "",
        text=form.text.data or "",
        due_on=form.due_on.data,
        member_id=known.members.id_of(form.member.data or ""),
        priority_id=known.priorities.id_of(form.priority.data or ""),
        deliverable_id=about.id if about else None,
        answers_id=earlier.letter.id if earlier else None,
    )


def _form_page(form: LetterForm, direction: Direction, row: LetterRow | None) -> str:
    return render_template("correspondence/form.html", form=form, direction=direction, row=row)
