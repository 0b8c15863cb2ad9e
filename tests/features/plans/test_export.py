"""What is exported and imported into an empty database gives the same database."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import make
import pytest
from sqlalchemy import Column, select
from sqlalchemy.orm import Session

from app.core.db import make_engine, writing
from app.core.markings import Marking
from app.core.permissions import Role
from app.deadlines import actions as deadlines
from app.deadlines.actions import When
from app.deadlines.models import Deadline
from app.deliverables.models import Deliverable
from app.members.models import Member, Network
from app.models import Base
from app.people.models import Account
from app.plans import carried
from app.plans.actions import import_files
from app.plans.exports import Exported, export
from app.plans.reading import Faults
from app.sharing.rules import Sharing

PLAN, RECORD = (Path(__file__).parents[3] / "data" / name for name in ("plan.yaml", "record.yaml"))


def test_every_table_is_carried_or_left_out_on_purpose() -> None:
    tables = {table.name for table in Base.metadata.sorted_tables}
    assert tables >= carried.CARRIED
    assert not carried.CARRIED & carried.LEFT_OUT
    assert tables - carried.CARRIED - carried.LEFT_OUT == set()
    for table in carried.tables():
        names = [carried.written_name(column) for column in carried.columns(table)]
        assert len(names) == len(set(names)), table.name
        assert all(
            of.name in carried.CARRIED
            for column in carried.columns(table)
            if (of := carried.target(column)) is not None
        )


Dump = dict[str, list[tuple[Any, ...]]]
CLOSED = ("password_hash", "is_active", "reset_asked_at", "tokens_ended_at")


@pytest.fixture
def second(sqlite_file: Any, tmp_path: Path) -> Iterator[Session]:
    """Another database, with nothing in it."""
    folder = tmp_path / "second"
    folder.mkdir()
    engine = make_engine(sqlite_file.fresh(folder))
    with Session(writing(engine)) as session:
        yield session
    engine.dispose()


def written(exported: Exported | None, folder: Path) -> tuple[Path, Path]:
    assert exported is not None
    folder.mkdir(exist_ok=True)
    paths = folder / "plan.yaml", folder / "record.yaml"
    for path, content in zip(paths, (exported.plan, exported.record), strict=True):
        path.write_text(content, encoding="utf-8")
    return paths


def carried_rows(session: Session) -> Dump:
    """Every row of the tables that are carried, and the states worked out from them."""
    found = {}
    for table in [*carried.tables(), Base.metadata.tables["deliverable_states"]]:
        rows = session.execute(select(table).order_by(*table.primary_key)).mappings()
        told = [dict(row) for row in rows]
        if table.name == "accounts":
            told = [{k: v for k, v in row.items() if k not in CLOSED} for row in told]
        found[table.name] = told
    return {name: [tuple(row.values()) for row in rows] for name, rows in found.items()}


def renumbered(dump: Dump) -> Dump:
    """With the numbers of rows counted from one: PostgreSQL gives none a second time."""
    tables = Base.metadata.tables
    places: dict[str, dict[Any, int]] = {}
    for name, rows in dump.items():
        if "id" in tables[name].columns:
            places[name] = {row[0]: place for place, row in enumerate(rows, 1)}

    def value(column: Column[Any], found: Any) -> Any:
        of = next((key.column.table.name for key in column.foreign_keys), None)
        owner = of or (column.table.name if column.name == "id" else None)
        return places[owner][found] if owner and found is not None else found

    def told(name: str) -> list[Column[Any]]:
        columns = tables[name].columns
        return [c for c in columns if name != "accounts" or c.name not in CLOSED]

    return {
        name: sorted((tuple(map(value, told(name), row)) for row in rows), key=repr)
        for name, rows in dump.items()
    }


def by_key(session: Session, key: str) -> Deliverable:
    return session.scalars(select(Deliverable).where(Deliverable.key == key)).one()


def importing(session: Session, paths: tuple[Path, Path], now: datetime) -> None:
    coordinator = session.scalars(select(Account).where(Account.email == "carla@example.org"))
    carla = coordinator.one_or_none() or make.account(
        session, Role.COORDINATOR, email="carla@example.org"
    )
    import_files(session, carla.actor, paths, now)
    session.commit()
    session.expire_all()


def test_the_real_plan_and_record_come_back_whole_and_need_no_rows(
    session: Session,
    second: Session,
    bring_in: Callable[..., Any],
    now: datetime,
    tmp_path: Path,
) -> None:
    bring_in(PLAN, RECORD)
    exported = export(session)
    assert exported is not None
    assert (exported.rows, exported.left_out, exported.marking) == (0, 0, Marking.GREEN)
    importing(second, written(exported, tmp_path / "out"), now)
    assert renumbered(carried_rows(second)) == renumbered(carried_rows(session))
    assert export(second) == exported


def test_what_people_made_on_the_site_comes_back_row_by_row(
    session: Session,
    second: Session,
    bring_in: Callable[..., Any],
    now: datetime,
    tmp_path: Path,
    coordinator: Account,
) -> None:
    bring_in(PLAN, RECORD)
    people_work(session, coordinator)
    exported = export(session)
    assert exported is not None
    assert exported.marking is Marking.AMBER
    paths = written(exported, tmp_path / "out")
    importing(second, paths, now)
    assert renumbered(carried_rows(second)) == renumbered(carried_rows(session))
    assert export(second) == exported
    before = carried_rows(second)
    importing(second, paths, now)
    assert carried_rows(second) == before


def test_rows_come_into_the_database_at_hand_too(
    session: Session,
    second: Session,
    coordinator: Account,
    now: datetime,
    tmp_path: Path,
) -> None:
    importing(second, (PLAN, RECORD), now)
    people_work(second, second.scalars(select(Account).where(Account.id == 1)).one())
    importing(session, written(export(second), tmp_path / "out"), now)
    assert renumbered(carried_rows(session)) == renumbered(carried_rows(second))
    make.deliverable(session, by=coordinator)  # numbers go on after those that were brought in
    session.commit()


def test_what_is_red_is_in_no_file(
    session: Session, bring_in: Callable[..., Any], coordinator: Account
) -> None:
    bring_in(PLAN, RECORD)
    joint = by_key(session, "vocabulary")
    make.update(session, joint, by=coordinator, note="Only for us", sharing=Sharing(Marking.RED))
    session.commit()
    exported = export(session)
    assert exported is not None
    assert "Only for us" not in exported.plan + exported.record
    assert exported.left_out == 1
    assert exported.marking is Marking.GREEN


def test_accounts_come_closed_and_without_a_way_in(
    session: Session,
    second: Session,
    bring_in: Callable[..., Any],
    now: datetime,
    tmp_path: Path,
    coordinator: Account,
) -> None:
    bring_in(PLAN, RECORD)
    liaison = people_work(session, coordinator)
    exported = export(session)
    assert exported is not None
    assert "argon2" not in exported.record
    importing(second, written(exported, tmp_path / "out"), now)
    there = second.scalars(select(Account).where(Account.email == liaison.email)).one()
    assert (there.name, there.role, there.is_active) == (liaison.name, Role.LIAISON, False)
    assert there.password_hash == ""


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("  no_such_table:\n    - {id: 1}\n", "no_such_table"),
        ("  second_factors:\n    - {id: 1}\n", "second_factors"),
        ("  sources:\n    - {key: a, title: A, colour: red}\n", "colour"),
        ("  sources:\n    - {key: a}\n", "title"),
        ("  deliverables: 3\n", "list"),
        ("  engagements:\n    - {id: 1, body: nobody}\n", "nobody"),
        ("  sources:\n    - {key: a, title: A}\n    - {key: a, title: B}\n", "second"),
    ],
)
def test_rows_that_do_not_fit_are_told_with_their_line(
    session: Session, bring_in: Callable[..., Any], tmp_path: Path, rows: str, says: str
) -> None:
    record = tmp_path / "record.yaml"
    record.write_text(
        f"format: network-record\nversion: 1\nas_of: 2026-02-28\nrows:\n{rows}", encoding="utf-8"
    )
    with pytest.raises(Faults, match=says) as caught:
        bring_in(PLAN, record)
    assert all(fault.line for fault in caught.value.faults)


def people_work(session: Session, coordinator: Account) -> Account:
    """A liaison and a coordinator at work: what the sections of a record have no words for."""
    japan = session.scalars(select(Member).where(Member.code == "JP")).one()
    liaison = make.account(session, Role.LIAISON, member_id=japan.id, email="hana@example.org")
    joint = by_key(session, "vocabulary")
    first = make.update(
        session,
        joint,
        effective_on=date(2025, 1, 10),
        by=liaison,
        note='Lines\r\nand “quotes”: {a} #\u2028 "b" \\ 日本',
        progress=40,
    )
    make.update(
        session,
        joint,
        effective_on=date(2025, 2, 1),
        by=liaison,
        sharing=Sharing(Marking.AMBER),
        note="-",
    )
    session.flush()
    deadline = session.scalars(select(Deadline).where(Deadline.key == "summit")).one()
    deadlines.move(
        session,
        coordinator.actor,
        deadline,
        When(starts_on=date(2025, 4, 1)),
        effective_on=date(2024, 12, 1),
        reason="The host asked for it",
        seen_version=deadline.version,
        now=make.NOW,
    )
    new = make.deliverable(session, by=coordinator, key="ours", marking=Marking.AMBER)
    make.assignment(session, new, japan, by=coordinator)
    make.update(session, new, by=liaison, effective_on=date(2025, 3, 1))
    session.get_one(Network, 1).settings = {"due_soon_days": 21}
    assert first.id
    session.commit()
    return liaison
