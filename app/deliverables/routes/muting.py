"""What raises flags, and what keeps one from counting."""

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import N_, Missing, Refused
from app.core.permissions import Permission
from app.deliverables.actions import muting
from app.deliverables.actions.thresholds import set_thresholds
from app.deliverables.forms import MuteForm, ThresholdsForm
from app.deliverables.models import Deliverable
from app.deliverables.queries import detail as details
from app.deliverables.queries import mutes
from app.deliverables.queries.thresholds import thresholds
from app.deliverables.routes.deliverables import blueprint
from app.deliverables.rules.attention import RULES, Flag
from app.deliverables.rules.thresholds import Thresholds
from app.deliverables.wording import flag_sentence, rule_sentence
from app.extensions import db
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, at, now
from app.web.labels import label
from app.web.wording import worded


@blueprint.get("/deliverables/<key>/mutes")
@access(Permission.ATTENTION_TEND)
def new_mute(key: str) -> str:
    form = MuteForm()
    form.flag.data = request.args.get("flag", "")
    return _mute_page(_load(key), form)


@blueprint.post("/deliverables/<key>/mutes")
@access(Permission.ATTENTION_TEND)
def mute(key: str) -> Response | tuple[str, int]:
    deliverable = _load(key)
    form = MuteForm()
    if not form.validate_on_submit():
        return _mute_page(deliverable, form), 422
    try:
        muting.mute(db.session, actor(), deliverable, form.entry, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _mute_page(deliverable, form), refused.status
    flash(_("Muted: “%(flag)s” does not count for now.", flag=label(form.entry.flag)), "success")
    return redirect(at("deliverables.show", key=key), 303)


@blueprint.post("/deliverables/<key>/mutes/<int:mute_id>/end")
@access(Permission.ATTENTION_TEND)
def unmute(key: str, mute_id: int) -> Response:
    deliverable = _load(key)
    row = load_or_404(mutes.find(db.session, actor(), deliverable, mute_id))
    try:
        muting.unmute(db.session, actor(), deliverable, row, now())
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
    else:
        flash(_("“%(flag)s” counts again.", flag=label(row.flag)), "success")
    return redirect(at("deliverables.show", key=key), 303)


@blueprint.get("/attention/rules")
@access(Permission.NETWORK_READ)
def rules() -> str:
    """What raises each flag in this network; coordinators change the numbers here."""
    form = ThresholdsForm()
    form.show(thresholds(db.session))
    return _rules_page(form)


@blueprint.post("/attention/rules")
@access(Permission.ATTENTION_TEND)
def change_rules() -> Response | tuple[str, int]:
    form = ThresholdsForm()
    if not form.validate_on_submit():
        return _rules_page(form), 422
    try:
        changed = set_thresholds(db.session, actor(), form.days, now(), seen=form.seen.data or "")
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        # The page shows what holds now; whoever sends the form again has seen it.
        form.seen.data = thresholds(db.session).text
        return _rules_page(form), refused.status
    flash(_("Saved.") if changed else _("Nothing differs from before."), "success")
    return redirect(at("deliverables.rules"), 303)


def _load(key: str) -> Deliverable:
    return load_or_404(details.find(db.session, actor(), key))


def _mute_page(deliverable: Deliverable, form: MuteForm) -> str:
    found = details.detail(db.session, actor(), deliverable, as_of())
    if found is None or form.flag.data not in set(Flag):
        raise Missing(N_("This flag does not hold today; there is nothing to mute."))
    return render_template(
        "deliverables/mute.html",
        row=found.row,
        raised=next((r for r in found.row.flags if r.flag == form.flag.data), None),
        flag=Flag(form.flag.data),
        rule=rule_sentence(Flag(form.flag.data), thresholds(db.session)),
        flag_sentence=flag_sentence,
        form=form,
    )


def _rules_page(form: ThresholdsForm) -> str:
    limits = thresholds(db.session)
    return render_template(
        "deliverables/rules.html",
        form=form,
        rules=[(flag, rule, rule_sentence(flag, limits)) for flag, rule in RULES.items()],
        usual=Thresholds(),
    )
