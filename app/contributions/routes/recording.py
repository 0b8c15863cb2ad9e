"""A liaison records what its member put in, a coordinator what any did."""

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.contributions import actions
from app.contributions.actions import ContributionEntry, may_record
from app.contributions.forms import ContributionForm, CorrectionForm, TakeBackForm
from app.contributions.models import Contribution
from app.contributions.queries import ContributionRow
from app.contributions.routes.pages import blueprint, load, page
from app.core.errors import N_, Forbidden, Refused
from app.core.markings import Marking
from app.core.permissions import Permission
from app.deliverables.queries import detail as deliverables
from app.deliverables.queries.choices import choices
from app.extensions import db
from app.members.queries.members import find as find_member
from app.people.naming import nameable
from app.sharing.actions import sharing_of
from app.sharing.forms import SharingForm
from app.web.access import access, actor, load_or_404
from app.web.day import at, now, present

Answer = Response | tuple[str, int]
NOT_YOURS = N_("Only the member's own liaison records what it contributes.")


@blueprint.get("/contributions/new")
@access(Permission.CONTRIBUTION_RECORD)
def new() -> str:
    form = _offered(ContributionForm(formdata=None), Marking.CLEAR)
    form.given_on.data, form.marking.data = present().today, Marking.GREEN.value
    return _form_page(form, None)


@blueprint.post("/contributions")
@access(Permission.CONTRIBUTION_RECORD)
def record() -> Answer:
    form = _offered(ContributionForm(), Marking.CLEAR)

    def act(entry: ContributionEntry) -> Contribution:
        member = load_or_404(find_member(db.session, form.member.data))
        return actions.record_contribution(
            db.session,
            actor(),
            member,
            entry,
            now(),
            conversion=form.conversion,
            sharing=form.sharing,
        )

    return _written(form, None, act, _("Recorded."))


@blueprint.get("/contributions/<int:contribution_id>/correction")
@access(Permission.CONTRIBUTION_RECORD)
def new_correction(contribution_id: int) -> str:
    row = _own(contribution_id)
    form = _offered(CorrectionForm(formdata=None), row.given.marking, row.given.member_id)
    form.show(
        row.given,
        row.member_code,
        row.priority.key if row.priority else "",
        row.deliverable.key if row.deliverable else "",
    )
    form.show_sharing(sharing_of(db.session, row.given))
    return _form_page(form, row)


@blueprint.post("/contributions/<int:contribution_id>/correction")
@access(Permission.CONTRIBUTION_RECORD)
def correct(contribution_id: int) -> Answer:
    row = _own(contribution_id)
    form = _offered(CorrectionForm(), row.given.marking, row.given.member_id)

    def act(entry: ContributionEntry) -> Contribution:
        return actions.correct_contribution(
            db.session,
            actor(),
            row.given,
            replace(entry, source_id=row.given.source_id),
            form.reason.data or "",
            now(),
            conversion=form.conversion,
            sharing=form.sharing,
        )

    said = _("Put right. The earlier entry stays, and says that it was.")
    return _written(form, contribution_id, act, said)


@blueprint.post("/contributions/<int:contribution_id>/withdraw")
@access(Permission.CONTRIBUTION_RECORD)
def withdraw(contribution_id: int) -> Answer:
    row, form = _own(contribution_id), TakeBackForm()
    if form.validate_on_submit() and form.from_on.data is not None:
        try:
            actions.withdraw_contribution(
                db.session, actor(), row.given, form.from_on.data, form.reason.data or "", now()
            )
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused)
        else:
            flash(_("It counts no more. The entry is kept, with the reason."), "success")
            return redirect(at("contributions.show", contribution_id=contribution_id), 303)
    return page(load(contribution_id), form), 422


@blueprint.get("/contributions/<int:contribution_id>/marking")
@access(Permission.CONTRIBUTION_RECORD)
def marking(contribution_id: int) -> str:
    row = _own(contribution_id)
    form = SharingForm(formdata=None)
    form.offer_sharing(nameable(db.session), _widest(row))
    form.show_sharing(sharing_of(db.session, row.given))
    return render_template("contributions/marking.html", row=row, form=form)


@blueprint.post("/contributions/<int:contribution_id>/marking")
@access(Permission.CONTRIBUTION_RECORD)
def mark(contribution_id: int) -> Answer:
    row, form = _own(contribution_id), SharingForm()
    form.offer_sharing(nameable(db.session), _widest(row))
    if form.validate_on_submit():
        member = load_or_404(find_member(db.session, row.member_code))
        try:
            changed = actions.mark_contribution(
                db.session, actor(), member, row.given, form.sharing, now()
            )
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused)
        else:
            flash(_("Saved.") if changed else _("Nothing differs from before."), "success")
            return redirect(url_for("contributions.index"), 303)
    return render_template("contributions/marking.html", row=load(contribution_id), form=form), 422


def _widest(row: ContributionRow) -> Marking:
    return row.deliverable.marking if row.deliverable else Marking.CLEAR


def _own(contribution_id: int) -> ContributionRow:
    """For those who may change it; others learn that they may not, if they may know of it."""
    row = load(contribution_id)
    if not may_record(actor(), row.given.member_id):
        raise Forbidden(NOT_YOURS)
    return row


def _offered(
    form: ContributionForm, widest: Marking, member_id: int | None = None
) -> ContributionForm:
    own = member_id if member_id is not None else actor().member_id
    form.offer(choices(db.session, present()), None if own is None else frozenset({own}))
    form.offer_sharing(nameable(db.session), widest)
    return form


def _written(
    form: ContributionForm,
    wrong: int | None,
    act: Callable[[ContributionEntry], Contribution],
    said: str,
) -> Answer:
    if form.validate_on_submit():
        try:
            made = act(_entry(form))
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused)
        else:
            flash(said, "success")
            return redirect(url_for("contributions.show", contribution_id=made.id), 303)
    return _form_page(form, load(wrong) if wrong is not None else None), 422


def _entry(form: ContributionForm) -> ContributionEntry:
    """Raises Refused for a deliverable that is not there."""
    known = choices(db.session, present()).priorities
    key = form.deliverable.data or ""
    deliverable = deliverables.find(db.session, actor(), key) if key else None
    if key and deliverable is None:
        raise Refused(N_("There is no deliverable with this key."), field="deliverable")
    # The priority of a deliverable is the deliverable's to say.
    priority = known.id_of(form.priority.data or "") if deliverable is None else None
    return form.entry(priority, deliverable.id if deliverable else None)


def _form_page(form: ContributionForm, wrong: ContributionRow | None) -> str:
    return render_template("contributions/form.html", form=form, wrong=wrong)
