"""flask plan import."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.members.models import Network
from app.people.models import Account
from app.web.database import Tracker

PLAN, RECORD = (Path(__file__).parents[3] / "data" / name for name in ("plan.yaml", "record.yaml"))


def run(app: Tracker, *words: str | Path) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["plan", "import", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


def test_it_says_what_it_added_and_then_what_it_left_alone(app: Tracker, session: Session) -> None:
    status, said, _ = run(app, PLAN, RECORD)
    assert status == 0
    assert "deliverables                21           0           0" in said
    assert "all                        179           0           0" in said
    status, said, _ = run(app, PLAN, RECORD)
    assert status == 0
    assert "all                          0           0         179" in said
    assert "Everything was there already." in said


def test_a_trial_says_the_same_and_writes_nothing(app: Tracker, session: Session) -> None:
    status, said, _ = run(app, PLAN, RECORD, "--dry-run")
    assert status == 0
    assert "all                        179           0           0" in said
    assert "nothing was written" in said
    assert session.get(Network, 1) is None
    assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_json_names_every_key(app: Tracker) -> None:
    _, said, _ = run(app, PLAN, "--json")
    answer = json.loads(said)
    assert answer["dry_run"] is False
    assert answer["kinds"]["deadlines"] == {
        "added": ["convening", "summit", "eu-code"],
        "changed": [],
        "unchanged": [],
    }


def test_every_fault_is_told_with_file_line_and_what_was_expected(
    app: Tracker, session: Session, tmp_path: Path
) -> None:
    faulty = tmp_path / "plan.yaml"
    text = PLAN.read_text(encoding="utf-8").replace("kind: tool,", "kind: gadget,")
    faulty.write_text(text.replace("2025-05-02", "2025-02-30"), encoding="utf-8")
    status, said, told = run(app, faulty)
    assert (status, said) == (1, "")
    day, kind, last = told.splitlines()
    written = faulty.read_text(encoding="utf-8").splitlines()
    for fault, word in ((day, "2025-02-30"), (kind, "gadget")):
        line = next(n for n, text in enumerate(written, 1) if word in text)
        assert fault.startswith(f"{faulty}:{line}: ")
        assert word in fault
        assert "(expected " in fault
    assert last == "Nothing was imported."
    assert session.get(Network, 1) is None


def test_faults_come_as_json_where_that_is_asked_for(app: Tracker, tmp_path: Path) -> None:
    noise = tmp_path / "noise"
    noise.write_bytes(bytes(range(256)) * 100)
    status, said, _ = run(app, noise, "--json")
    assert status == 1
    (fault,) = json.loads(said)["faults"]
    assert fault["file"] == str(noise)
    assert fault["message"]
    assert fault["expected"]


@pytest.mark.parametrize("size", [100_000_000])
def test_a_file_of_a_hundred_megabytes_is_refused_by_its_size(
    app: Tracker, tmp_path: Path, size: int
) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(size)
    status, _, told = run(app, huge)
    assert status == 1
    assert "too large" in told


def test_a_file_that_is_not_there_is_a_fault_and_no_traceback(app: Tracker) -> None:
    status, _, told = run(app, "nowhere.yaml")
    assert status == 1
    assert told.startswith("nowhere.yaml: ")
    assert "Traceback" not in told
