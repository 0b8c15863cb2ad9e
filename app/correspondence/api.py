"""Letters for programs."""

from typing import Any

from marshmallow import Schema, fields

from app.core.markings import Marking
from app.core.permissions import Permission
from app.correspondence import queries
from app.correspondence.queries import LetterRow, Which
from app.correspondence.rules import Direction, LetterState, Purpose
from app.correspondence.wording import due_sentence
from app.deliverables.api import telling
from app.deliverables.api.schemas import RaisedFlag
from app.extensions import db
from app.web.access import actor, load_or_404
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import AsOfQuery, a_key, a_word
from app.web.api.paging import Listed, answered, listing
from app.web.api.shapes import many, text
from app.web.day import as_of

blueprint = ApiBlueprint("letters", __name__, "Letters to and from outside bodies")
READ = Permission.NETWORK_READ
Told = dict[str, Any]


class LetterSchema(Schema):
    """`state` on the day. `member` null: the coordinators answer it."""

    key = text()
    title = text()
    direction = a_word(Direction, required=True)
    purpose = a_word(Purpose, required=True)
    body = text()
    correspondent = text()
    state = a_word(LetterState, required=True)
    due_on = fields.Date(required=True, allow_none=True)
    member = text(or_none=True)
    priority = text(or_none=True)
    flags = many(RaisedFlag)
    marking = a_word(Marking, required=True)


class StepSchema(Schema):
    state = a_word(LetterState, required=True)
    from_on = fields.Date(required=True)
    note = text()
    by = text()


class LetterDetail(LetterSchema):
    """With every step up to the day, oldest first. Its files are on the page."""

    as_of = fields.Date(required=True)
    content = text()
    deliverable = text(or_none=True)
    answers = text(or_none=True)
    answered_by = fields.List(fields.String(), required=True)
    files = fields.List(fields.String(), required=True)
    steps = many(StepSchema)


class Letters(Listed):
    state = a_word(LetterState)
    direction = a_word(Direction)
    purpose = a_word(Purpose)
    body = a_key()


@blueprint.reads("/letters", listing(LetterSchema), takes=Letters, permission=READ)
def all_letters(asked: Told) -> Told:
    """Letters, what is not over first, by its day"""
    which = Which(**{name: asked.get(name) for name in ("state", "direction", "purpose", "body")})
    found = queries.letters(db.session, actor(), as_of(), which)
    return answered(found, lambda row: row.letter.key, asked, _told)


@blueprint.reads("/letters/<key:key>", LetterDetail, takes=AsOfQuery, permission=READ)
def one_letter(_asked: Told, key: str) -> Told:
    """One letter, and what became of it"""
    session, reader, day = db.session, actor(), as_of()
    row = load_or_404(queries.find(session, reader, day, key))
    letter = row.letter
    earlier = queries.answered(session, reader, day, letter)
    about = queries.deliverable_of(session, reader, letter)
    return {
        **_told(row),
        "as_of": day.day,
        "content": letter.text,
        "deliverable": about.key if about else None,
        "answers": earlier.key if earlier else None,
        "answered_by": [each.key for each in queries.answers(session, reader, day, letter)],
        "files": [file.name for file in queries.files(session, letter)],
        "steps": [
            {
                **{name: getattr(each.step, name) for name in ("state", "from_on", "note")},
                "by": each.by,
            }
            for each in queries.steps(session, letter, day)
        ],
    }


def _told(row: LetterRow) -> Told:
    same = ("key", "title", "direction", "purpose", "correspondent", "due_on", "marking")
    letter = row.letter
    return {
        **{name: getattr(letter, name) for name in same},
        "body": letter.body.key,
        "state": row.state,
        "member": letter.member.code if letter.member else None,
        "priority": letter.priority.key if letter.priority else None,
        "flags": [{**telling.raised(each), "sentence": due_sentence(each)} for each in row.flags],
    }
