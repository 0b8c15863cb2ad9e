"""Tables in: tried as a whole, kept as a whole, undone as a whole."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.audit.actions import Subject, record
from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Actor
from app.deliverables.actions import states
from app.plans.actions.sheets.assignments import Assignments
from app.plans.actions.sheets.contributions import Contributions
from app.plans.actions.sheets.deliverables import Deliverables
from app.plans.actions.sheets.updates import Updates
from app.plans.actions.sheets.work import Came, Line, Progress, Result, Work
from app.plans.models import SheetKind
from app.plans.sheets.reading import SheetRow, read_sheet

__all__ = ["WORKS", "Came", "Line", "Result", "bring_in"]

WORKS: dict[SheetKind, type[Work]] = {
    SheetKind.DELIVERABLES: Deliverables,
    SheetKind.ASSIGNMENTS: Assignments,
    SheetKind.UPDATES: Updates,
    SheetKind.CONTRIBUTIONS: Contributions,
}


def bring_in(
    session: Session,
    actor: Actor,
    kind: SheetKind,
    name: str,
    content: bytes,
    now: datetime,
    *,
    keep: bool,
    progress: Progress | None = None,
) -> Result:
    """What comes of each row. Nothing stays where a row is faulty, or where it is only tried
    (`keep` off). Raises Refused for a file that is no such table."""
    kind_of_work = WORKS[kind]
    sheet = read_sheet(content, kind_of_work.columns, kind_of_work.needed)
    trial = session.begin_nested()
    result = Result()
    stays = False
    try:
        work = kind_of_work(session, actor, sheet, name, now)
        steps = _Steps(progress, len(sheet.rows), is_written=keep)
        with states.put_off(session) as waiting:
            _try_rows(work, result, steps)
            stays = keep and not result.count(Came.FAULTY)
            if not stays:
                waiting.clear()  # it is taken back, and some of it is already
        if stays:
            work.finish(steps.written)
            result.done = work.done
            _sign(session, actor, kind, name, result, now)
    finally:
        trial.commit() if stays else trial.rollback()
    return result


def _try_rows(work: Work, result: Result, steps: "_Steps") -> None:
    for done, row in enumerate(work.in_order(), 1):
        result.lines.append(_take(work, row))
        steps.tried(done)
    faults = work.settle()
    result.lines = [
        replace(line, came=Came.FAULTY, refused=faults[line.line]) if line.line in faults else line
        for line in result.lines
    ]
    result.lines.sort(key=lambda line: line.line)


@dataclass(frozen=True, slots=True)
class _Steps:
    """What is kept is tried first, and written then: half of the way each."""

    progress: Progress | None
    rows: int
    is_written: bool

    def tried(self, done: int) -> None:
        if self.progress:
            self.progress(done, self.rows * 2 if self.is_written else self.rows)

    def written(self, done: int, total: int) -> None:
        if self.progress:
            self.progress(self.rows + self.rows * done // total, self.rows * 2)


def _take(work: Work, row: SheetRow) -> Line:
    try:
        if row.has_more:
            raise Refused(N_("There is more in this row than there are headings."))
        if not work.writes_at_once:
            return Line(row.line, work.key_of(row), work.take(row))
        with work.session.begin_nested():
            return Line(row.line, work.key_of(row), work.take(row))
    except Refused as refused:
        return Line(row.line, work.key_of(row), Came.FAULTY, refused)
    except (IntegrityError, StaleDataError):
        meanwhile = Conflict(N_("Somebody changed this meanwhile. Look at it again first."))
        return Line(row.line, work.key_of(row), Came.FAULTY, meanwhile)


def _sign(
    session: Session, actor: Actor, kind: SheetKind, name: str, result: Result, now: datetime
) -> None:
    facts = {came.value: (0, result.count(came)) for came in (Came.ADDED, Came.CHANGED)}
    subject = Subject("files", f"{kind.value}: {name}"[:200])
    if result.done:
        record(session, actor.account_id, "sheet.import", subject, facts, now)
