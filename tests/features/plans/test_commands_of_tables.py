"""Lists, single things and tables by command, with exit codes, for people and for programs."""

import json
from collections.abc import Callable
from pathlib import Path

import make
import pytest
from cast import Cast
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.deliverables.models import StatusUpdate
from app.sharing.rules import Sharing
from app.web.database import Tracker

Run = Callable[..., Result]


@pytest.fixture
def run(app: Tracker, session: Session, cast: Cast) -> Run:
    of = make.priority(session, key="evaluation")
    tools = make.deliverable(session, by=cast.coordinator, key="tools", priority=of)
    make.assignment(session, tools, cast.kenya, by=cast.coordinator)
    make.deliverable(session, by=cast.coordinator, key="hidden", priority=of, marking=Marking.AMBER)
    make.update(session, tools, by=cast.liaison, note="RED one", sharing=Sharing(Marking.RED))
    make.deadline(session, by=cast.coordinator, key="summit")
    make.meeting(session, make.NOW.date())
    session.commit()

    def command(*words: str) -> Result:
        session.commit()
        result: Result = app.test_cli_runner().invoke(args=list(words))
        assert "Traceback" not in result.output
        return result

    return command


def told(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, object]] = json.loads(result.stdout)
    return found


def test_lists_show_what_the_account_may_read_and_no_more(run: Run, cast: Cast) -> None:
    listed = told(run("deliverable", "list", "--json"))
    assert [row["key"] for row in listed] == ["tools"]
    carla = told(run("deliverable", "list", "--json", "--as", cast.coordinator.email))
    assert {row["key"] for row in carla} == {"tools", "hidden"}
    assert run("deliverable", "show", "hidden").exit_code == 1
    assert "RED one" not in run("status", "list", "tools", "--as", cast.liaison.email).output
    assert [row["key"] for row in told(run("deadline", "list", "--json"))] == ["summit"]
    assert len(told(run("meeting", "list", "--json"))) == 1
    assert told(run("deliverable", "list", "--json", "--as-of", "2020-01-01")) == []
    assert "tools" in run("deliverable", "list").output


def test_an_update_is_logged_in_the_name_of_an_account(
    run: Run, session: Session, cast: Cast
) -> None:
    logged = ("status", "log", "tools", "in_progress", "--progress", "20", "--note", "Begun")
    assert run(*logged, "--as", cast.liaison.email).exit_code == 0
    refused = run(*logged, "--as", cast.other_liaison.email)
    assert refused.exit_code == 1
    assert "neither leads" in refused.output
    assert run(*logged, "--as", cast.observer.email).exit_code == 1
    assert run(*logged).exit_code == 2
    newest = session.scalars(select(StatusUpdate).order_by(StatusUpdate.id.desc())).first()
    assert newest is not None
    assert (newest.note, newest.account_id) == ("Begun", cast.liaison.id)


def test_a_table_goes_out_and_comes_back_by_command(
    run: Run, session: Session, cast: Cast, tmp_path: Path
) -> None:
    for name in ("out.csv", "out.xlsx"):
        file = str(tmp_path / name)
        carla = ("--as", cast.coordinator.email)
        assert run("deliverable", "export", "-o", file, *carla).exit_code == 0
        answer = run("deliverable", "import", file, "--json", *carla)
        assert {row["outcome"] for row in json.loads(answer.stdout)["rows"]} == {"unchanged"}
    table = tmp_path / "new.csv"
    table.write_text(
        "date,deliverable,status\n2025-01-01,tools,in_progress\n2025-02-01,nothing,in_review\n",
        encoding="utf-8",
    )
    count = select(func.count()).select_from(StatusUpdate)
    before = session.scalar(count)
    kenya = ("--as", cast.liaison.email)
    faulty = run("status", "import", str(table), *kenya)
    assert faulty.exit_code == 1
    assert "Row 3" in faulty.output
    table.write_text(table.read_text(encoding="utf-8").partition("2025-02")[0], encoding="utf-8")
    assert run("status", "import", str(table), "--dry-run", *kenya).exit_code == 0
    assert session.scalar(count) == before
    assert run("status", "import", str(table), *kenya).exit_code == 0
    session.rollback()
    assert session.scalar(count) == (before or 0) + 1


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("deliverable", "show", "no-such"), 1),
        (("deliverable", "list", "--as", "nobody@example.org"), 1),
        (("deliverable", "list", "--member", "ZZ"), 1),
        (("deliverable", "list", "--status", "finished"), 2),
        (("deliverable", "list", "--as-of", "yesterday"), 2),
        (("deadline", "show", "\x00"), 1),
        (("meeting", "show", "no-such"), 1),
        (("status", "import", "/no/such/file.csv", "--as", "carla@example.org"), 1),
        (("status", "import", "/", "--as", "carla@example.org"), 1),
        (("status", "export", "-o", "/no/such/folder/x.csv"), 1),
        (("status", "export", "-o", "table.pdf"), 2),
        (("plan", "export", "-o", "/proc/none"), 1),
        (("audit", "list", "--page", "0"), 2),
    ],
)
def test_what_is_asked_wrongly_is_told_in_a_sentence(
    run: Run, words: tuple[str, ...], status: int
) -> None:
    result = run(*words)
    assert result.exit_code == status, result.output
    assert result.output.strip()
