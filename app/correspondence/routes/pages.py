"""Letters to and from outside bodies, and each with what became of it."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from app.core.markings import highest
from app.core.permissions import Permission
from app.correspondence import queries
from app.correspondence.actions import hand_of
from app.correspondence.forms import FileForm, StepForm
from app.correspondence.queries import LetterRow, Which
from app.correspondence.rules import (
    CHANGEABLE,
    TABLE,
    Direction,
    LetterState,
    Purpose,
    open_steps,
)
from app.correspondence.wording import due_sentence, step_words
from app.extensions import db
from app.web.access import access, actor, load_or_404, may
from app.web.day import as_of
from app.web.labels import choices as words
from app.web.labels import label
from app.web.languages import territory
from app.web.tables import Column, Table, download, reader

blueprint = Blueprint("correspondence", __name__, template_folder="../templates")

Word = TypeVar("Word", bound=StrEnum)


@blueprint.get("/letters")
@access(Permission.NETWORK_READ)
def index() -> str | Response:
    which = _asked()
    rows = queries.letters(db.session, reader(), as_of(), which)
    if (file := download(_table(rows, _marking))) is not None:
        return file
    return render_template(
        "correspondence/index.html",
        table=_table(rows),
        which=which,
        filters=(
            ("state", _("State"), words(LetterState), _("Any state")),
            ("direction", _("Direction"), words(Direction), _("Both ways")),
            ("purpose", _("Purpose"), words(Purpose), _("Any purpose")),
            ("body", _("Outside body"), _bodies(), _("Any body")),
        ),
        due_sentence=due_sentence,
        is_narrowed=which != queries.ANY,
        page_marking=highest(row.letter.marking for row in rows),
    )


@blueprint.get("/letters/<key>")
@access(Permission.NETWORK_READ)
def show(key: str) -> str:
    return page(load(key), None, FileForm(formdata=None))


def load(key: str) -> LetterRow:
    return load_or_404(queries.find(db.session, actor(), as_of(), key))


def page(row: LetterRow, step_form: StepForm | None, file_form: FileForm) -> str:
    letter, session = row.letter, db.session
    hand = hand_of(actor(), letter) if as_of().is_today else None
    steps = open_steps(letter.direction, row.state, hand) if hand else ()
    form = step_form or StepForm(formdata=None)
    if step_form is None:
        form.on.data, form.seen.data = as_of().today, letter.version
    return render_template(
        "correspondence/show.html",
        row=row,
        letter=letter,
        steps=queries.steps(session, letter, as_of()),
        files=queries.files(session, letter),
        answered=queries.answered(session, actor(), as_of(), letter),
        answers=queries.answers(session, actor(), as_of(), letter),
        deliverable=queries.deliverable_of(session, actor(), letter),
        open_steps=steps,
        needs_note=[new for new in steps if TABLE[letter.direction, row.state, new].note],
        step_form=form,
        file_form=file_form,
        may_amend=hand is not None and row.state in CHANGEABLE,
        may_attach=hand is not None and row.state is not LetterState.CLOSED,
        may_mark=as_of().is_today and may(Permission.LETTER_APPROVE),
        due_sentence=due_sentence,
        step_words=step_words,
        page_marking=letter.marking,
    )


def _marking(row: LetterRow) -> str:
    return row.letter.marking.label


def _table(
    rows: tuple[LetterRow, ...], marked_by: Callable[[LetterRow], str] | None = None
) -> Table[LetterRow]:
    """With a column of markings by `marked_by`: on the page they stand with the titles."""
    last = (Column("marking", _("Marking"), marked_by),) if marked_by else ()
    return Table(
        "letters",
        _("Letters"),
        (
            Column("title", _("Title"), lambda row: row.letter.title),
            Column("direction", _("Direction"), lambda row: label(row.letter.direction)),
            Column("body", _("Outside body"), lambda row: row.letter.body.name),
            Column("purpose", _("Purpose"), lambda row: label(row.letter.purpose)),
            Column("state", _("State"), lambda row: label(row.state)),
            Column("due", _("Deadline"), lambda row: row.letter.due_on),
            Column("member", _("Who answers"), _who),
            *last,
        ),
        rows,
        marking=lambda: highest(row.letter.marking for row in rows),
    )


def _who(row: LetterRow) -> str:
    member = row.letter.member
    return territory(member.code, member.name) if member else _("The coordinators")


def _bodies() -> list[tuple[str, str]]:
    return [(body.key, body.name) for body in queries.bodies(db.session, as_of())]


def _asked() -> Which:
    """What the address says that there is not narrows nothing."""
    return Which(
        state=_word(LetterState, "state"),
        purpose=_word(Purpose, "purpose"),
        direction=_word(Direction, "direction"),
        body=request.args.get("body") or None,
    )


def _word(kind: type[Word], name: str) -> Word | None:
    text = request.args.get(name, "")
    return kind(text) if text in set(kind) else None
