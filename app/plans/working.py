"""Work on a large table beside the request that began it, and how far it is.

How far it is stands in a file: on SQLite nobody else writes to the database meanwhile. All of it is
one transaction, so that what is cut off has done nothing and can be begun again.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock, Thread

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import N_, Refused
from app.extensions import db
from app.plans.actions.sheets.work import Progress
from app.web.wording import worded

FOLDER = "tables"
WRITES_EVERY = 0.5
CUT_OFF_AFTER = 120.0
"""Seconds without a word after which nobody is at it any more: a server was ended."""
KEPT_FOR = 2 * 24 * 3600.0
UNEXPECTED = N_("It did not work out, and nothing was done. Try it again; the log says more.")
BUSY = N_("Somebody else is writing just now. Nothing was done; try it again.")

Deed = Callable[[Session, Progress], Refused | None]
"""What it gives is said, and what it wrote is kept all the same."""


class Doing(StrEnum):
    LOOKING = "looking"
    CONFIRMING = "confirming"
    UNDOING = "undoing"


@dataclass(frozen=True, slots=True)
class State:
    """`trouble`: why it ended without having done anything."""

    doing: Doing
    done: int = 0
    total: int = 0
    trouble: str = ""
    is_over: bool = False

    @property
    def percent(self) -> int:
        return min(100 * self.done // self.total, 100) if self.total else 0


class Workbench:
    """One piece of work at a time in each process; others wait their turn."""

    def __init__(self, app: Flask) -> None:
        self._app, self._turn = app, Lock()
        self.last: Thread | None = None

    def begin(self, number: int, doing: Doing, address: str, locale: str, deed: Deed) -> None:
        """Once for each table: where somebody is at it, nothing more is begun."""
        known = self.state(number)
        if known is not None and not known.is_over:
            return
        self._sweep()
        self._note(number, State(doing))
        work = (number, doing, address, locale, deed)
        self.last = Thread(target=self._work, args=work, name=f"table {number}")
        self.last.start()

    def state(self, number: int) -> State | None:
        """None where nobody is at it, nor ended without having done anything."""
        path = self._path(number)
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            silent_for = clock.now().timestamp() - path.stat().st_mtime
        except (OSError, ValueError):
            return None
        state = State(**{**told, "doing": Doing(told["doing"])})
        if state.is_over:
            return state
        return state if silent_for < CUT_OFF_AFTER else None

    def forget(self, number: int) -> None:
        self._path(number).unlink(missing_ok=True)

    def _work(self, number: int, doing: Doing, address: str, locale: str, deed: Deed) -> None:
        with self._app.app_context(), force_locale(locale), self._turn:
            trouble = self._tried(number, doing, address, deed)
        if trouble:
            self._note(number, State(doing, trouble=trouble, is_over=True))
        else:
            self.forget(number)

    def _tried(self, number: int, doing: Doing, address: str, deed: Deed) -> str:
        last = time.monotonic()

        def show(done: int, total: int) -> None:
            nonlocal last
            if time.monotonic() - last >= WRITES_EVERY:
                last = time.monotonic()
                self._note(number, State(doing, done, total))

        try:
            with db.aside() as session:
                session.info["address"] = address
                told = deed(session, show)
            return worded(told) if told else ""
        except Refused as refused:
            return worded(refused)
        except OperationalError:
            self._app.logger.exception("table %s: the database did not answer", number)
            return worded(Refused(BUSY))
        except Exception:
            self._app.logger.exception("table %s: nobody expected this", number)
            return worded(Refused(UNEXPECTED))

    def _note(self, number: int, state: State) -> None:
        path = self._path(number)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(asdict(state)), encoding="utf-8")
        beside.replace(path)

    def _sweep(self) -> None:
        for path in (Path(self._app.instance_path) / FOLDER).glob("*.json"):
            if clock.now().timestamp() - path.stat().st_mtime > KEPT_FOR:
                path.unlink(missing_ok=True)

    def _path(self, number: int) -> Path:
        return Path(self._app.instance_path) / FOLDER / f"{number}.json"


def workbench() -> Workbench:
    """The one of the application at hand."""
    bench = current_app.extensions.get("tables")
    if not isinstance(bench, Workbench):
        bench = current_app.extensions["tables"] = Workbench(
            current_app._get_current_object()  # type: ignore[attr-defined]
        )
    return bench
