"""Checks of the database: its structure, its guards, its trail, and who can get in."""

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.audit import queries as trail
from app.core import clock, migrating
from app.core.db import reading
from app.core.permissions import Role
from app.doctor.weakness import Weakness
from app.notices import queries as notices
from app.people.models import Account, SecondFactor
from app.people.queries import demo_accounts

DAMAGED = "database-damaged"
GUARDED = ("audit_entries", "status_updates")
FIRST_FAULTS = 5
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "2",
    "foreign_keys": "1",
    "recursive_triggers": "1",
}


def weaknesses(engine: Engine, *, is_demo: bool) -> Iterator[Weakness]:
    try:
        at = migrating.current(engine)
    except SQLAlchemyError as error:
        if "malformed" in str(error) or "not a database" in str(error):
            yield _damaged(str(getattr(error, "orig", error)))
            return
        yield Weakness(
            "database-unreachable",
            f"The database does not answer: {type(error).__name__}.",
            "Check DATABASE_URL, and that the database runs and lets this account in.",
        )
        return
    if migrating.is_newer(at):
        yield Weakness(
            "database-newer",
            f"The database is at {at}, which this release does not know.",
            "Run the newer release, or restore the backup that was made before the upgrade.",
        )
        return
    if at != migrating.newest():
        yield Weakness(
            "not-migrated",
            f"The database is at {at or 'nothing'}, the newest migration is {migrating.newest()}.",
            "Make a backup, then: flask db upgrade",
        )
        return
    with reading(engine).connect() as connection:
        of_its_kind = _sqlite if engine.dialect.name == "sqlite" else _postgres
        found = list(of_its_kind(connection))
        yield from found
        if any(weakness.name == DAMAGED for weakness in found):
            return  # what else is read there says nothing
        yield from _guards(connection)
    with Session(reading(engine)) as session:
        yield from _trail(session)
        yield from _accounts(session, is_demo)
        yield from _outbox(session)


def _sqlite(connection: Connection) -> Iterator[Weakness]:
    for name, wanted in PRAGMAS.items():
        found = str(connection.exec_driver_sql(f"PRAGMA {name}").scalar())
        if found != wanted:
            yield Weakness(
                "unsafe-pragma",
                f"SQLite's {name} is {found}, not {wanted}: what was saved may be lost.",
                "Keep the file on a local disk (write-ahead logging needs one), not on a share.",
            )
    if said := _damage(connection):
        yield _damaged(said)


def _damaged(said: str) -> Weakness:
    return Weakness(
        DAMAGED,
        f"The database file is damaged: {said}.",
        "Stop the site, keep a copy of the file, and restore the last backup that is whole.",
    )


def _damage(connection: Connection) -> str:
    """What is wrong with the file, in SQLite's words; nothing where it is whole."""
    try:
        broken = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    except DatabaseError as error:
        return str(error.orig)
    if broken != "ok":
        return " ".join(str(broken).split())
    return str(tuple(dangling)) if dangling is not None else ""


def _postgres(connection: Connection) -> Iterator[Weakness]:
    asked = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    if connection.scalar(text(asked)):
        yield Weakness(
            "database-superuser",
            "The site is a superuser of the database: a fault in it reaches all that is there.",
            "Give it a role of its own that owns only its own schema.",
        )
    encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    far = "SELECT inet_server_addr() IS NOT NULL AND NOT inet_server_addr() <<= '127.0.0.0/8'"
    if connection.scalar(text(far)) and not connection.scalar(text(encrypted)):
        yield Weakness(
            "database-in-clear",
            "The way to the database is not encrypted.",
            "Add ?sslmode=verify-full to DATABASE_URL.",
        )


def _guards(connection: Connection) -> Iterator[Weakness]:
    """The triggers that let some tables only grow."""
    if connection.dialect.name == "sqlite":
        asked = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        wanted = 2
    else:
        asked = (
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal "
            "AND tgenabled <> 'D' AND tgrelid IN (SELECT oid FROM pg_class "
            "WHERE relnamespace = current_schema()::regnamespace)"
        )
        wanted = 1
    found = [str(name).rpartition(".")[2] for name in connection.scalars(text(asked))]
    tables = inspect(connection).get_table_names()
    for table in GUARDED:
        if table in tables and found.count(table) < wanted:
            yield Weakness(
                "trail-unguarded",
                f"Nothing keeps rows of {table} from being changed: a trigger is gone.",
                "Find out who took it away. Check the trail (flask audit verify), then restore the "
                "triggers of migration 0003 from a backup.",
            )


def _trail(session: Session) -> Iterator[Weakness]:
    found = list(islice(trail.faults(session), FIRST_FAULTS))
    if found:
        named = ", ".join(f"{fault.entry_id} ({fault.kind})" for fault in found)
        yield Weakness(
            "trail-broken",
            f"The audit trail does not hold together, first at entry {named}.",
            "Keep a copy of the database, compare it with a backup, and find out who changed it.",
        )


def _accounts(session: Session, is_demo: bool) -> Iterator[Weakness]:
    demos = [] if is_demo else list(demo_accounts(session))
    if demos:
        yield Weakness(
            "demo-accounts",
            f"{len(demos)} accounts of a demonstration can sign in, all with one password.",
            "Close them: flask user deactivate EMAIL. flask user list names them.",
        )
    administrators = select(Account.id).where(
        Account.role == Role.ADMINISTRATOR, Account.is_active, Account.password_hash != ""
    )
    if session.scalars(administrators.limit(1)).first() is None:
        yield Weakness(
            "no-administrator",
            "No administrator can sign in: nobody can invite, close or help others.",
            "flask user create EMAIL --name NAME --role administrator",
        )
    with_factor = select(SecondFactor.account_id).where(SecondFactor.confirmed_at.is_not(None))
    without = administrators.where(Account.id.not_in(with_factor)).subquery()
    number = session.scalar(select(func.count()).select_from(without)) or 0
    if number and not is_demo:
        yield Weakness(
            "administrator-without-second-factor",
            f"{number} administrators have no second factor.",
            "Have them add one on their account page.",
        )


def _outbox(session: Session) -> Iterator[Weakness]:
    number = notices.stuck(session, clock.now())
    if number:
        yield Weakness(
            "outbox-stuck",
            f"{number} mails or calls of webhooks should have gone out more than an hour ago.",
            "Let flask worker run, or flask remind by cron; /outbox says what was not taken.",
        )
