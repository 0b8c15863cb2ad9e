"""Keeping a member's profile: what is known of its institute, and how far it is in functions."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import Conflict, Refused
from app.core.history import FOREVER
from app.core.permissions import Permission
from app.extensions import db
from app.members.actions import profile as actions
from app.members.forms import HoursForm, InstituteForm, LevelForm
from app.members.models import Function, Member
from app.members.queries import functions, members
from app.members.queries.profile import holds_until, level_on
from app.sources.queries import sources
from app.web.access import access, actor, load_or_404
from app.web.day import at, now, present
from app.web.languages import day_text

Answer = Response | tuple[str, int]

blueprint = Blueprint("profiles", __name__, template_folder="templates")


@blueprint.get("/members/<code>/profile")
@access(Permission.PROFILE_KEEP)
def edit(code: str) -> str:
    member = _load(code)
    form = InstituteForm(formdata=None)
    row = load_or_404(members.member(db.session, code, present()))
    form.show(row.institute, member.version, present().day)
    return _page(form, member)


@blueprint.post("/members/<code>/profile")
@access(Permission.PROFILE_KEEP)
def keep(code: str) -> Answer:
    member = _load(code)
    form = InstituteForm()
    form.offer_sources(sources(db.session))
    if not form.validate_on_submit():
        return _page(form, member), 422
    try:
        entry = form.entry(form.cited(db.session, actor(), now()))
        from_on, seen = form.from_on.data or date.min, form.seen.data
        changed = actions.keep_institute(db.session, actor(), member, entry, from_on, seen, now())
    except Refused as refused:
        _refuse(form, refused, code)
        return _page(form, _load(code)), refused.status
    _say(changed, holds_until(db.session, member.id, from_on))
    return redirect(at("members.show", code=code), 303)


@blueprint.get("/members/<code>/hours")
@access(Permission.PROFILE_KEEP)
def edit_hours(code: str) -> str:
    member = _load(code)
    form = HoursForm(formdata=None)
    form.show(member.week, member.version)
    return _hours_page(form, member)


@blueprint.post("/members/<code>/hours")
@access(Permission.PROFILE_KEEP)
def keep_hours(code: str) -> Answer:
    member = _load(code)
    form = HoursForm()
    form.offer()
    if not form.validate_on_submit():
        return _hours_page(form, member), 422
    try:
        changed = actions.keep_hours(db.session, actor(), member, form.week, form.seen.data, now())
    except Refused as refused:
        _refuse(form, refused, code)
        return _hours_page(form, _load(code)), refused.status
    flash(_("Saved.") if changed else _("Nothing differs from before."), "success")
    return redirect(at("members.show", code=code), 303)


@blueprint.get("/members/<code>/functions/<key>")
@access(Permission.PROFILE_KEEP)
def edit_level(code: str, key: str) -> str:
    member, function = _load(code), _load_function(key)
    form = LevelForm(formdata=None)
    form.from_on.data, form.seen.data = present().day, member.version
    if known := level_on(db.session, member.id, function.id, present()):
        form.level.data, form.evidence.data = known.level.value, known.evidence
        form.note.data = known.note
    return _level_page(form, member, function)


@blueprint.post("/members/<code>/functions/<key>")
@access(Permission.PROFILE_KEEP)
def keep_level(code: str, key: str) -> Answer:
    member, function = _load(code), _load_function(key)
    form = LevelForm()
    form.offer()
    form.offer_sources(sources(db.session))
    if not form.validate_on_submit():
        return _level_page(form, member, function), 422
    try:
        entry = form.entry(form.cited(db.session, actor(), now()))
        from_on, seen = form.from_on.data or date.min, form.seen.data
        changed = actions.keep_level(
            db.session, actor(), member, function, entry, from_on, seen, now()
        )
    except Refused as refused:
        _refuse(form, refused, code)
        return _level_page(form, _load(code), _load_function(key)), refused.status
    _say(changed, FOREVER)
    return redirect(at("members.show", code=code, _anchor="functions"), 303)


def _load(code: str) -> Member:
    member = load_or_404(members.find(db.session, code))
    actions.check_keeper(actor(), member)
    return member


def _load_function(key: str) -> Function:
    return load_or_404(functions.find(db.session, key))


def _refuse(form: InstituteForm | LevelForm | HoursForm, refused: Refused, code: str) -> None:
    db.session.rollback()
    if isinstance(refused, Conflict):
        # Whoever saves again has been told, and sees beside the form what is there now.
        form.seen.data = _load(code).version
    form.refuse(refused)


def _say(changed: bool, until_on: date) -> None:
    if not changed:
        flash(_("Nothing differs from before."), "success")
    elif until_on == FOREVER:
        flash(_("Saved. What held before stays on record."), "success")
    else:
        said = _(
            "Saved. It holds until %(day)s, when a later entry begins.", day=day_text(until_on)
        )
        flash(said, "success")


def _page(form: InstituteForm, member: Member) -> str:
    form.offer_sources(sources(db.session))
    now_known = members.member(db.session, member.code, present())
    return render_template("profiles/institute.html", form=form, member=member, now_known=now_known)


def _hours_page(form: HoursForm, member: Member) -> str:
    form.offer()
    return render_template("profiles/hours.html", form=form, member=member)


def _level_page(form: LevelForm, member: Member, function: Function) -> str:
    form.offer()
    form.offer_sources(sources(db.session))
    known = level_on(db.session, member.id, function.id, present())
    return render_template(
        "profiles/level.html",
        form=form,
        member=member,
        function=function,
        known=known,
    )
