"""The network itself: what founded it, what it is called, how its members can work together."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add, change
from app.core.days import Precision
from app.core.errors import N_, Refused
from app.core.history import make_room
from app.core.permissions import Actor
from app.members.actions.rights import check_planner
from app.members.models import DecisionRule, Mechanism, Network, NetworkName

RENAMED_MEANWHILE = N_("Somebody recorded a name meanwhile. Look at it, then save again.")
NETWORK = Subject("network", "network")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEntry:
    founded_on: date
    decision_rule: DecisionRule
    founding_document: str = ""
    note: str = ""
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameEntry:
    name: str
    short_name: str
    precision: Precision = Precision.DAY
    note: str = ""
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismEntry:
    title: str
    note: str = ""
    source_id: int | None = None


def found_network(
    session: Session,
    actor: Actor,
    entry: NetworkEntry,
    name: NameEntry,
    planned_on: date,
    now: datetime,
) -> Network:
    """The one network of this installation, under its first name since it was founded."""
    check_planner(actor)
    network = Network(id=1, planned_on=planned_on, **asdict(entry))
    add(session, network, asdict(entry), Line(actor.account_id, "network.add", NETWORK, now))
    rename_network(session, actor, network, name, entry.founded_on, now)
    return network


def describe_network(
    session: Session, actor: Actor, network: Network, entry: NetworkEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    check_planner(actor)
    line = Line(actor.account_id, "network.describe", NETWORK, now)
    return change(session, network, asdict(entry), line)


def rename_network(
    session: Session,
    actor: Actor,
    network: Network,
    entry: NameEntry,
    from_on: date,
    now: datetime,
) -> bool:
    """Its name from `from_on` on. A name given for the same day before is put right; False when it
    is that name."""
    check_planner(actor)
    line = Line(actor.account_id, "name.set", NETWORK, now, {"from_on": from_on})
    of_it = NetworkName.network_id == network.id
    names = session.scalars(select(NetworkName).where(of_it)).all()
    if same := next((name for name in names if name.from_on == from_on), None):
        return change(session, same, asdict(entry), line)
    until_on = make_room(names, from_on)
    name = NetworkName(network_id=network.id, from_on=from_on, until_on=until_on, **asdict(entry))
    add(session, name, asdict(entry), line)
    return True


def keep_name(
    session: Session,
    actor: Actor,
    network: Network,
    entry: NameEntry,
    from_on: date,
    now: datetime,
) -> bool:
    """The same as people record it: not before there was a network."""
    check_planner(actor)
    if from_on < network.founded_on:
        raise Refused(
            N_("It was founded on %(day)s: give that day or a later one."),
            field="from_on",
            day=network.founded_on,
        )
    return rename_network(session, actor, network, entry, from_on, now)


def add_mechanism(
    session: Session,
    actor: Actor,
    key: str,
    entry: MechanismEntry,
    exists_from: date,
    now: datetime,
) -> Mechanism:
    check_planner(actor)
    mechanism = Mechanism(key=key, exists_from=exists_from, **asdict(entry))
    line = Line(actor.account_id, "mechanism.add", Subject("mechanism", key), now)
    add(session, mechanism, asdict(entry), line)
    return mechanism


def describe_mechanism(
    session: Session, actor: Actor, mechanism: Mechanism, entry: MechanismEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    check_planner(actor)
    subject = Subject("mechanism", mechanism.key)
    line = Line(actor.account_id, "mechanism.describe", subject, now)
    return change(session, mechanism, asdict(entry), line)
