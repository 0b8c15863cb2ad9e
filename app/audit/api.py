"""The trail for programs."""

from typing import Any

from marshmallow import Schema, fields

from app.audit import queries
from app.audit.models import AuditEntry
from app.audit.routes import emails, readable
from app.core.markings import Channel
from app.core.permissions import Permission
from app.extensions import db
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import Day, Text
from app.web.api.paging import Cursor, Portion, onward

blueprint = ApiBlueprint("audit", __name__, "The trail: who did what, when")
LONGEST_ADDRESS = 64


class Entries(Portion):
    """As the page narrows it. Days are in UTC, both included."""

    verb = Text(longest=60, metadata={"description": "A verb, or the beginning of many: account."})
    kind = Text(longest=60)
    subject = Text(longest=200)
    account = Text(longest=254, metadata={"description": "The e-mail address of who did it."})
    address = Text(longest=LONGEST_ADDRESS)
    from_on = Day()
    until_on = Day()


class EntrySchema(Schema):
    """`account` null: the command line, or nobody who was known. `hash` covers the entry and the
    one before it."""

    id = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True, format="iso")
    account = fields.String(required=True, allow_none=True)
    verb = fields.String(required=True)
    subject_kind = fields.String(required=True)
    subject_key = fields.String(required=True)
    changes = fields.Dict(required=True)
    address = fields.String(required=True)
    hash = fields.String(required=True)


class EntryList(Schema):
    items = fields.List(fields.Nested(EntrySchema), required=True)
    next = fields.String(required=True, allow_none=True)


@blueprint.reads("/audit", EntryList, takes=Entries, permission=Permission.AUDIT_READ)
def listed(asked: dict[str, Any]) -> dict[str, Any]:
    """Entries of the trail that are readable for this account, the newest first"""
    who = emails(db.session)
    last = Cursor.read(asked["cursor"]).place if "cursor" in asked else None
    found = queries.newest(
        db.session,
        _filter(asked, who),
        readable=readable(Channel.API),
        before=last,
        limit=asked["limit"] + 1,
    )
    shown = found[: asked["limit"]]
    more = len(found) > len(shown)
    return {
        "items": [_told(entry, who) for entry in shown],
        "next": onward(Cursor("e", shown[-1].id)) if more else None,
    }


def _filter(asked: dict[str, Any], who: dict[int, str]) -> queries.Filter:
    account = asked.get("account", "").strip().lower()
    by_email = {email: number for number, email in who.items()}
    return queries.Filter(
        account_id=by_email.get(account, -1) if account else None,
        **{name: asked.get(name, "") for name in ("verb", "kind", "subject", "address")},
        from_on=asked.get("from_on"),
        until_on=asked.get("until_on"),
    )


def _told(entry: AuditEntry, who: dict[int, str]) -> dict[str, Any]:
    same = ("id", "at", "verb", "subject_kind", "subject_key", "changes", "address", "hash")
    return {
        **{name: getattr(entry, name) for name in same},
        "account": who.get(entry.account_id or 0),
    }
