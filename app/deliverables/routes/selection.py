"""The same for many deliverables: choose them, see what would come of it, then do it."""

from collections.abc import Sequence

from flask import abort, flash, render_template, request
from flask_babel import ngettext
from sqlalchemy import select

from app.core.permissions import Permission
from app.deliverables.actions import many
from app.deliverables.actions.many import Deed, Result, Row
from app.deliverables.forms import AskForm, AssignForm, MoveForm
from app.deliverables.models import AssignmentRole, Deliverable
from app.deliverables.queries.choices import Choices, choices
from app.deliverables.queries.listing import matching_ids
from app.deliverables.routes.deliverables import blueprint
from app.deliverables.routes.filtering import asked
from app.extensions import db
from app.members.queries.members import find as find_member
from app.sharing.queries import visible
from app.web.access import access, actor, load_or_404
from app.web.day import now, present
from app.web.wording import worded

FORMS: dict[str, type[AskForm | AssignForm | MoveForm]] = {
    "assign": AssignForm,
    "move": MoveForm,
    "ask": AskForm,
}


@blueprint.get("/deliverables/selection")
@access(Permission.DELIVERABLE_PLAN)
def selection() -> str:
    act = request.args.get("act", "")
    if act not in FORMS:
        abort(404)
    offered = choices(db.session, present())
    form = FORMS[act](formdata=None)
    form.offer(offered)
    return _page(act, form, _chosen(_asked_ids(offered)))


@blueprint.post("/deliverables/selection/<any(assign, move, ask):act>/preview")
@access(Permission.DELIVERABLE_PLAN)
def preview(act: str) -> str | tuple[str, int]:
    """What would come of it, tried on everything and taken back."""
    return _answer(act, is_done=False)


@blueprint.post("/deliverables/selection/<any(assign, move, ask):act>")
@access(Permission.DELIVERABLE_PLAN)
def act_on(act: str) -> str | tuple[str, int]:
    return _answer(act, is_done=True)


def _answer(act: str, *, is_done: bool) -> str | tuple[str, int]:
    form = FORMS[act]()
    form.offer(choices(db.session, present()))
    chosen = _chosen(_ids(request.form.getlist("d")))
    if not form.validate_on_submit():
        return _page(act, form, chosen), 422
    run = many.do_with_each if is_done else many.rehearse
    rows = run(db.session, chosen, _deed(form, chosen))
    if is_done:
        count = sum(row.result is Result.DONE for row in rows)
        flash(ngettext("%(num)s is done.", "%(num)s are done.", count), "success")
    return _page(act, form, chosen, rows, is_done=is_done)


def _deed(form: AskForm | AssignForm | MoveForm, chosen: Sequence[Deliverable]) -> Deed:
    reason = form.reason.data or ""
    if isinstance(form, AssignForm):
        member = load_or_404(find_member(db.session, form.member.data))
        role = AssignmentRole(form.role.data)
        return many.assigning(db.session, actor(), chosen, member, role, reason, now())
    if isinstance(form, MoveForm):
        return many.moving(db.session, actor(), form.due, reason, _seen(), now())
    return many.asking(db.session, actor(), reason, now())


def _asked_ids(offered: Choices) -> list[int]:
    """Those ticked, or everything that the filter of the address finds."""
    if "all" in request.args:
        which = asked(request.args, offered).which
        return list(matching_ids(db.session, actor(), present(), which))
    return _ids(request.args.getlist("d"))


def _ids(texts: Sequence[str]) -> list[int]:
    numbers = [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) < 10]
    return list(dict.fromkeys(numbers))


def _chosen(ids: Sequence[int]) -> list[Deliverable]:
    """Those of them that the reader may know of, in the order in which they were listed."""
    query = select(Deliverable).where(
        Deliverable.id.in_(ids[: many.MOST]),
        Deliverable.exists_on(present().day),
        visible(actor(), Deliverable),
    )
    found = {each.id: each for each in db.session.scalars(query)}
    return [found[each] for each in ids if each in found]


def _seen() -> dict[int, int]:
    """The version of each that the form was shown with: `v` holds pairs id:version."""
    pairs = (text.partition(":")[::2] for text in request.form.getlist("v"))
    return {int(of): int(version) for of, version in pairs if _ids([of]) and _ids([version])}


def _page(
    act: str,
    form: AskForm | AssignForm | MoveForm,
    chosen: Sequence[Deliverable],
    rows: Sequence[Row] = (),
    *,
    is_done: bool = False,
) -> str:
    return render_template(
        "deliverables/selection.html",
        act=act,
        form=form,
        chosen=chosen,
        rows=rows,
        is_done=is_done,
        most=many.MOST,
        worded=worded,
    )
