"""Changing what the network chose about reminders."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, change
from app.core.errors import N_, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.members.models import Network
from app.reminders.queries import SETTING
from app.reminders.rules import BadSettings, Settings


def set_reminders(
    session: Session, actor: Actor, given: Mapping[str, object], now: datetime
) -> bool:
    """False when nothing differs. What is as usual is not kept."""
    if not can(actor, Permission.ATTENTION_TEND):
        raise Forbidden(N_("Only a coordinator sets when reminders go out."))
    try:
        chosen = Settings.from_mapping(given)
    except BadSettings as bad:
        raise Refused(
            N_("Give whole numbers of days, up to ten of them, from 0 to 365."), field=bad.args[0]
        ) from bad
    network = session.scalars(select(Network).with_for_update()).first()
    if network is None:
        raise Refused(N_("There is no network yet: import a plan first."))
    kept = {
        "days_before": list(chosen.days_before),
        "late_every": chosen.late_every,
        "late_most": chosen.late_most,
    }
    others = {name: value for name, value in network.settings.items() if name != SETTING}
    settings = others if chosen == Settings() else {**others, SETTING: kept}
    line = Line(actor.account_id, "reminders.set", Subject("network", "network"), now)
    return change(session, network, {"settings": settings}, line)
