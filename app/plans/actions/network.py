"""Bringing in the network, its names and its mechanisms."""

from datetime import timedelta

from sqlalchemy import select

from app.members.actions import network as actions
from app.members.actions.network import MechanismEntry, NameEntry, NetworkEntry
from app.members.models import DecisionRule, Network, NetworkName
from app.plans.actions.report import Outcome
from app.plans.actions.run import Run, outcome
from app.plans.reading import values

KEY = "network"


def bring_in(run: Run, said: values.Network) -> None:
    entry = NetworkEntry(
        founded_on=said.founded_on,
        decision_rule=DecisionRule(said.decision_rule),
        founding_document=said.founding_document,
        note=said.note,
        source_id=run.source_id(said),
    )
    name = NameEntry(
        name=said.name, short_name=said.short_name or said.name[:80], source_id=run.source_id(said)
    )
    network = run.session.get(Network, 1)
    if network is None:
        planned_on = run.head(said).as_of
        actions.found_network(run.session, run.actor, entry, name, planned_on, run.now)
        run.report.note(KEY, KEY, Outcome.ADDED)
        return
    entry = run.said.kept(KEY, KEY, network, entry)
    changed = actions.describe_network(run.session, run.actor, network, entry, run.now)
    renamed = _name(run, network, name, said)
    run.report.note(KEY, KEY, outcome(changed=changed or renamed))


def _name(run: Run, network: Network, name: NameEntry, said: values.Network) -> bool:
    names = _names(run)
    day = run.span_day(names, said.founded_on, name)
    if day is None:
        return False
    if same := next((row for row in names if row.from_on == day), None):
        name = run.said.kept("name", KEY, same, name, from_on=day)
    return actions.rename_network(run.session, run.actor, network, name, day, run.now)


def log_renaming(run: Run, said: values.Renaming) -> None:
    day = said.effective_on
    names = _names(run)
    held = [row for row in names if row.from_on <= day - timedelta(days=1)] or list(names)
    entry = NameEntry(
        name=said.to,
        short_name=held[-1].short_name,
        precision=said.precision,
        note=said.note,
        source_id=run.source_id(said),
    )
    same = next((row for row in names if row.from_on == day), None)
    if same is not None:
        entry = run.said.kept("name", KEY, same, entry, from_on=day)
    changed = actions.rename_network(run.session, run.actor, run.network, entry, day, run.now)
    added = Outcome.ADDED if same is None else outcome(changed=changed)
    run.report.note("renamed", f"{KEY} {day.isoformat()}", added)


def _names(run: Run) -> list[NetworkName]:
    in_order = select(NetworkName).order_by(NetworkName.from_on)
    return list(run.session.scalars(in_order))


def bring_in_mechanism(run: Run, said: values.Mechanism) -> None:
    entry = MechanismEntry(title=said.title, note=said.note, source_id=run.source_id(said))
    mechanism, happened = run.settle(
        "mechanism",
        said.key,
        run.there.mechanisms.get(said.key),
        entry,
        lambda: actions.add_mechanism(
            run.session, run.actor, said.key, entry, said.exists_from, run.now
        ),
        actions.describe_mechanism,
    )
    run.there.mechanisms[said.key] = mechanism
    run.report.note("mechanisms", said.key, happened)
