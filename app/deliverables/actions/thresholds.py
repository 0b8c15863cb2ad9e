"""After how many days something needs somebody in this network."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, change
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.deliverables.queries.thresholds import SETTING
from app.deliverables.rules.thresholds import BadThresholds, Thresholds, longest
from app.members.models import Network


def set_thresholds(
    session: Session, actor: Actor, days: Mapping[str, object], now: datetime, *, seen: str
) -> bool:
    """What `days` does not name gets its default; False when nothing differs. Only what differs
    from the defaults is kept, so that a better default reaches every network that chose none.
    `seen` is the text of those that the actor had before them."""
    if not can(actor, Permission.ATTENTION_TEND):
        raise Forbidden(N_("Only a coordinator sets when flags are raised."))
    chosen = checked(days)
    network = session.scalars(select(Network).with_for_update()).first()
    if network is None:
        raise Refused(N_("There is no network yet: import a plan first."))
    if seen != Thresholds.from_mapping(network.settings.get(SETTING, {})).text:
        raise Conflict(N_("Somebody changed these numbers meanwhile. Look at them again first."))
    usual = asdict(Thresholds())
    kept = {name: value for name, value in asdict(chosen).items() if value != usual[name]}
    settings = {name: value for name, value in network.settings.items() if name != SETTING}
    line = Line(actor.account_id, "attention.set", Subject("network", "network"), now)
    return change(session, network, {"settings": {**settings, SETTING: kept}}, line)


def checked(days: Mapping[str, object]) -> Thresholds:
    try:
        return Thresholds.from_mapping(days)
    except BadThresholds as bad:
        if bad.unknown:
            raise Refused(
                N_("There is no threshold with this name: %(names)s."), names=bad.unknown
            ) from bad
        raise Refused(
            N_("Give a whole number of days from 0 to %(longest)s."),
            field=bad.invalid[0],
            longest=longest(bad.invalid[0]),
        ) from bad
