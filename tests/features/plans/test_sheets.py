"""Tables in: read from CSV and XLSX, looked through, confirmed and undone as a whole."""

import os
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import make
import openpyxl
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.contributions.models import Contribution, ContributionEnd
from app.core.markings import Marking
from app.deliverables.actions.planning import depend_on, dependency_edges
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.actions.updates import UpdateEntry, log_update
from app.deliverables.models import (
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    StatusUpdate,
)
from app.deliverables.rules.moves import Status
from app.plans.models import SheetImport, SheetKind

HEAD = "date,deliverable,status,progress,note\n"


@pytest.fixture
def planned(session: Session, cast: Cast) -> Session:
    """Two deliverables to log on."""
    of = make.priority(session, key="evaluation")
    for key in ("tools", "survey"):
        made = make.deliverable(session, by=cast.coordinator, key=key, priority=of, note="A note")
        make.assignment(session, made, cast.kenya, by=cast.coordinator)
    make.deadline(session, by=cast.coordinator, key="summit")
    session.commit()
    return session


@pytest.fixture
def carla(client: Browser, cast: Cast, planned: Session) -> Browser:
    client.sign_in(cast.coordinator)
    return client


def upload(client: Browser, kind: str, content: bytes | str, name: str = "table.csv") -> str:
    """The address of the preview."""
    data = content.encode() if isinstance(content, str) else content
    answer = client.submit("/import", kind=kind, file=(BytesIO(data), name))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def said(client: Browser, kind: str, content: bytes | str) -> str:
    """Why the file is refused as a whole."""
    data = content.encode() if isinstance(content, str) else content
    answer = client.submit("/import", kind=kind, file=(BytesIO(data), "table.csv"))
    assert answer.status_code == 422
    return answer.get_data(as_text=True)


def came(session: Session) -> list[tuple[int, str, str]]:
    """Line, what comes of it and why, of the newest table."""
    session.rollback()
    newest = session.scalars(select(SheetImport).order_by(SheetImport.id.desc())).first()
    assert newest is not None
    session.refresh(newest)
    return [(line[0], line[2], f"{line[3]}: {line[4]}".strip(": ")) for line in newest.preview]


def updates(session: Session) -> list[tuple[str, date, Status, int | None]]:
    session.rollback()
    rows = session.execute(
        select(
            Deliverable.key, StatusUpdate.effective_on, StatusUpdate.status, StatusUpdate.progress
        )
        .join(Deliverable, Deliverable.id == StatusUpdate.deliverable_id)
        .order_by(StatusUpdate.id)
    )
    return [tuple(row) for row in rows]


def test_updates_are_shown_first_then_logged_once_then_taken_back(
    carla: Browser, planned: Session
) -> None:
    table = (
        HEAD
        + '2025-02-01,tools,in_progress,20,"Begun, at last"\n'
        + "2025-03-01,tools,in_review,,\n2025-02-01,survey,in_progress,,\n"
    )
    preview = upload(carla, "updates", table)
    assert [what for _, what, _ in came(planned)] == ["added"] * 3
    assert updates(planned) == []
    for _ in range(2):  # a double click does it once
        assert carla.submit(f"{preview}/confirm").status_code == 303
    in_order = [
        ("tools", date(2025, 2, 1), Status.IN_PROGRESS, 20),
        ("survey", date(2025, 2, 1), Status.IN_PROGRESS, None),
        ("tools", date(2025, 3, 1), Status.IN_REVIEW, None),
    ]
    assert updates(planned) == in_order
    upload(carla, "updates", table)
    assert [what for _, what, _ in came(planned)] == ["unchanged"] * 3
    for _ in range(2):
        assert carla.submit(f"{preview}/undo").status_code == 303
    assert len(updates(planned)) == 6
    # As it stood before, on every day: not as a row of the same table said, that is undone too.
    assert {status for _, _, status, _ in updates(planned)[3:]} == {Status.NOT_STARTED}
    page = carla.get("/deliverables/tools").get_data(as_text=True)
    assert "Not started" in page
    assert "What stays as it is" not in carla.get(preview).get_data(as_text=True)
    assert list(audit.faults(planned)) == []


def test_what_followed_from_a_table_stays_when_the_table_is_undone(
    carla: Browser, planned: Session, cast: Cast
) -> None:
    upload_and_confirm(carla, "updates", HEAD + "2025-02-01,tools,in_progress,,\n")
    rows = "2025-02-15,tools,deferred,,\n2025-02-01,survey,in_progress,,\n"
    preview = upload_and_confirm(carla, "updates", HEAD + rows)
    tools = planned.scalars(select(Deliverable).where(Deliverable.key == "tools")).one()
    entry = UpdateEntry(status=Status.NOT_STARTED, effective_on=date(2025, 3, 1))
    log_update(planned, cast.coordinator.actor, tools, entry, make.NOW)
    planned.commit()
    carla.submit(f"{preview}/undo")
    page = carla.get(preview).get_data(as_text=True)
    assert "tools 2025-02-15: A later update" in page
    assert "survey" not in page.partition("What stays as it is")[2].partition("</ul>")[0]
    assert [row[0] for row in updates(planned)[3:]] == ["tools", "survey"]


def test_a_date_that_moved_since_is_no_update_that_has_to_follow(
    carla: Browser, planned: Session, cast: Cast
) -> None:
    tools = planned.scalars(select(Deliverable).where(Deliverable.key == "tools")).one()
    reschedule(
        planned,
        cast.coordinator.actor,
        tools,
        Due(own_due_on=date(2027, 1, 1)),
        effective_on=date(2025, 6, 1),
        reason="Agreed",
        seen_version=tools.version,
        now=make.NOW,
    )
    planned.commit()
    upload_and_confirm(carla, "updates", HEAD + "2025-02-01,tools,in_progress,,\n")
    assert updates(planned) == [("tools", date(2025, 2, 1), Status.IN_PROGRESS, None)]


def test_one_faulty_row_keeps_all_out_and_each_says_why(carla: Browser, planned: Session) -> None:
    preview = upload(
        carla,
        "updates",
        HEAD
        + "2025-02-01,tools,in_progress,,\n"
        + "2025-02-30,tools,in_progress,,\n"
        + "03/04/2025,tools,in_progress,,\n"
        + "2025-02-01,nothing,in_progress,,\n"
        + "2025-02-01,tools,finished,,\n"
        + "2025-02-01,survey,in_progress,140,\n"
        + "2025-02-01,survey,delivered,,\n"
        + "2025-02-01,tools,in_progress,,\n"
        + "2099-02-01,tools,in_progress,,\n"
        + "2025-02-01,survey,in_progress,,Begun, at last\n",
    )
    lines = {line: f"{what} {why}" for line, what, why in came(planned)}
    assert lines[2] == "added "
    for line, why in {
        3: "date: “2025-02-30” is no day",
        4: "two days",
        5: "deliverable: There is no “nothing”",
        6: "none of",
        7: "progress",
        8: "status",
        9: "A row above says the same",
        10: "date: This day has not come yet",
        11: "more in this row than there are headings",
    }.items():
        assert lines[line].startswith("faulty"), line
        assert why in lines[line]
    assert "Do this" not in carla.get(preview).get_data(as_text=True)
    carla.submit(f"{preview}/confirm")
    assert updates(planned) == []


@pytest.mark.parametrize(
    "table",
    [
        "\ufeff" + HEAD + "2025-02-01,tools,in_progress,20,Ä\n",
        (HEAD + "2025-02-01,tools,in_progress,20,Ä\n").replace(",", ";"),
        (HEAD + "01.02.2025,tools,In progress,20%,Ä\n").replace(",", "\t").replace("\n", "\r\n"),
        "\n" + HEAD.upper() + "1 Feb 2025,TOOLS,in-progress,20,Ä\n,,,,\n",
    ],
)
def test_a_csv_file_is_read_however_spreadsheets_write_it(
    carla: Browser, planned: Session, table: str
) -> None:
    preview = upload(carla, "updates", table)
    carla.submit(f"{preview}/confirm")
    assert updates(planned) == [("tools", date(2025, 2, 1), Status.IN_PROGRESS, 20)]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (b"date;deliverable\n\xe4;b\n", "not in UTF-8"),
        ("", "Choose a file"),
        ("\n\n", "The file is empty"),
        (HEAD, "no row"),
        ("date,deliverable,colour\n", "no column “colour”"),
        ("date,,deliverable,status\n", "Column 2 has no heading"),
        ("date,date,deliverable,status\n", "there twice"),
        ("date,deliverable\n2025-01-01,tools\n", "“status” is missing"),
        (b"PK\x03\x04 nothing", "cannot be read as XLSX"),
        (b"\xd0\xcf\x11\xe0old", "old Excel"),
        ("\0\0", "no table"),
    ],
)
def test_what_is_no_such_table_is_refused_with_a_reason(
    carla: Browser, table: bytes | str, why: str
) -> None:
    assert why in said(carla, "updates", table)


def workbook() -> BytesIO:
    """As people make it: real dates, a merged cell over two rows, an empty row between."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["deliverable", "date", "status", "progress", "note"],
        ["tools", date(2025, 2, 1), "in_progress", 20, "One"],
        [None, "2025-03-01", "in_review", 0.8, "Two"],
        [],
        ["survey", "01.04.2025", "in_progress", None, "=1+1"],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    file = BytesIO()
    book.save(file)
    return file


LOGGED = [
    ("tools", date(2025, 2, 1), Status.IN_PROGRESS, 20),
    ("tools", date(2025, 3, 1), Status.IN_REVIEW, 80),
]


def test_a_workbook_with_merged_cells_and_three_kinds_of_dates_is_read(
    carla: Browser, planned: Session
) -> None:
    preview = upload(carla, "updates", workbook().getvalue(), "table.xlsx")
    assert came(planned) == [(2, "added", ""), (3, "added", ""), (5, "added", "")]
    carla.submit(f"{preview}/confirm")
    last = ("survey", date(2025, 4, 1), Status.IN_PROGRESS, None)
    assert updates(planned) == [*LOGGED, last]


SPREADSHEET = Path(__file__).parent / "spreadsheet.fods"
CALC = Path("/usr/lib/libreoffice/program/libsclo.so")


@pytest.fixture(scope="module")
def from_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which LibreOffice put what it made of a spreadsheet: XLSX, ODS and CSV."""
    if not CALC.exists():
        if os.environ.get("REQUIRE_OFFICE") == "1":
            pytest.fail("LibreOffice Calc is not installed", pytrace=False)
        pytest.skip("LibreOffice Calc is not installed")
    folder = tmp_path_factory.mktemp("libreoffice")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for to in ("xlsx", "ods", "csv:Text - txt - csv (StarCalc):59,34,76,1"):
        command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(folder)]
        subprocess.run([*command, str(SPREADSHEET)], check=True, timeout=120, capture_output=True)
    return folder


IN_IT = [
    ("tools", date(2025, 1, 20), Status.IN_PROGRESS, 20),
    ("survey", date(2025, 1, 20), Status.IN_PROGRESS, None),
    ("survey", date(2025, 1, 21), Status.IN_PROGRESS, None),
    ("survey", date(2025, 1, 22), Status.IN_PROGRESS, None),
    ("tools", date(2025, 2, 3), Status.IN_PROGRESS, 40),
    ("tools", date(2025, 2, 10), Status.IN_PROGRESS, 50),
]


def test_what_libreoffice_made_is_read_whatever_its_dates_look_like(
    carla: Browser, planned: Session, from_libreoffice: Path
) -> None:
    made = (from_libreoffice / "spreadsheet.xlsx").read_bytes()
    preview = upload(carla, "updates", made, "made.xlsx")
    assert came(planned) == [(line, "added", "") for line in (4, 5, 6, 10, 11, 12)]
    carla.submit(f"{preview}/confirm")
    assert updates(planned) == IN_IT
    notes = select(StatusUpdate.note).where(StatusUpdate.note.startswith("="))
    assert list(planned.scalars(notes)) == ["=1+1"]


def test_what_libreoffice_wrote_as_csv_names_each_row_that_cannot_be_read_in_one_way(
    carla: Browser, planned: Session, from_libreoffice: Path
) -> None:
    """A CSV file has no merged cells, and a date is what it looked like."""
    upload(carla, "updates", (from_libreoffice / "spreadsheet.csv").read_bytes())
    told = {line: f"{what} {why}" for line, what, why in came(planned)}
    assert told[4] == told[10] == "added "
    assert told[5] == told[6] == "faulty deliverable: It is empty."
    assert told[11] == told[12] == "faulty status: It is empty."


def test_another_kind_of_spreadsheet_is_refused_with_a_reason(
    carla: Browser, from_libreoffice: Path
) -> None:
    ods = (from_libreoffice / "spreadsheet.ods").read_bytes()
    assert "OpenDocument" in said(carla, "updates", ods)


@pytest.mark.parametrize("kind", list(SheetKind))
@pytest.mark.parametrize("ending", ["csv", "bom.csv", "xlsx"])
def test_a_table_that_comes_back_as_it_went_out_changes_nothing(
    carla: Browser, planned: Session, cast: Cast, kind: SheetKind, ending: str
) -> None:
    tools = planned.scalars(select(Deliverable).where(Deliverable.key == "tools")).one()
    make.update(
        planned,
        tools,
        effective_on=date(2025, 1, 5),
        by=cast.liaison,
        note="=SUM(A1)\n\"so; he said\", 'quoted' 日本",
        progress=0,
    )
    planned.commit()
    upload_and_confirm(
        carla,
        "contributions",
        "date,member,kind,amount,currency,about\n2025-01-01,KE,money,12.50,EUR,A grant\n",
    )
    file = carla.get(f"/tables/{kind}.{ending}")
    assert file.status_code == 200
    upload(carla, kind, file.data, f"table.{ending.rpartition('.')[2]}")
    lines = came(planned)
    assert lines
    assert {what for _, what, _ in lines} == {"unchanged"}, lines


def upload_and_confirm(client: Browser, kind: str, table: str) -> str:
    preview = upload(client, kind, table)
    assert client.submit(f"{preview}/confirm").status_code == 303
    return preview


def test_deliverables_are_added_and_changed_and_that_is_undone(
    carla: Browser, planned: Session
) -> None:
    preview = upload_and_confirm(
        carla,
        "deliverables",
        "key,title,kind,priority,deadline,note,reason\n"
        "tools,Other tools,tool,evaluation,summit,A note,Agreed in Paris\n"
        "brand-new,New,method,evaluation,,,\n",
    )
    assert [what for _, what, _ in came(planned)] == ["changed", "added"]
    assert "Other tools" in carla.get("/deliverables/tools").get_data(as_text=True)
    assert "Agreed in Paris" in carla.get("/deliverables/tools").get_data(as_text=True)
    assert carla.get("/deliverables/brand-new").status_code == 200
    carla.submit(f"{preview}/undo")
    assert "<h1>Other tools" not in carla.get("/deliverables/tools").get_data(as_text=True)
    assert "Dropped" in carla.get("/deliverables/brand-new").get_data(as_text=True)


def test_undoing_leaves_what_was_changed_since_and_says_so(
    carla: Browser, planned: Session
) -> None:
    head = "key,title,kind,priority,note\n"
    preview = upload_and_confirm(
        carla, "deliverables", head + "tools,Other tools,tool,evaluation,A note\n"
    )
    upload_and_confirm(carla, "deliverables", head + "tools,Third,tool,evaluation,A note\n")
    carla.submit(f"{preview}/undo")
    page = carla.get(preview).get_data(as_text=True)
    assert "tools: It was changed since" in page
    assert "Third" in carla.get("/deliverables/tools").get_data(as_text=True)


def test_what_must_come_first_may_come_in_the_same_table_and_is_undone(
    carla: Browser, planned: Session, cast: Cast
) -> None:
    hidden = make.deliverable(planned, by=cast.coordinator, key="hidden", marking=Marking.RED)
    tools = planned.scalars(select(Deliverable).where(Deliverable.key == "tools")).one()
    depend_on(planned, cast.coordinator.actor, tools, [hidden], make.NOW)
    planned.commit()
    head = "key,title,kind,priority,depends_on\n"
    title = tools.title
    preview = upload_and_confirm(
        carla,
        "deliverables",
        f'{head}tools,{title},tool,evaluation,"survey, new"\nnew,New,method,evaluation,SURVEY\n',
    )
    assert [what for _, what, _ in came(planned)] == ["changed", "added"]
    assert edges(planned) == {"tools": {"survey", "new", "hidden"}, "new": {"survey"}}
    out = carla.get("/tables/deliverables.csv").get_data(as_text=True)
    assert ",new survey," in out
    assert "hidden" not in out
    upload(carla, "deliverables", out)
    assert {what for _, what, _ in came(planned)} == {"unchanged"}
    upload(carla, "deliverables", f"key,title,kind,priority\ntools,{title},tool,evaluation\n")
    assert [what for _, what, _ in came(planned)] == ["unchanged"]
    carla.submit(f"{preview}/undo")
    assert edges(planned)["tools"] == {"hidden"}


def edges(session: Session) -> dict[str, set[str]]:
    session.rollback()
    return dependency_edges(session)


def test_a_circle_is_refused_with_the_way_it_goes(carla: Browser, planned: Session) -> None:
    upload(
        carla,
        "deliverables",
        "key,title,kind,priority,depends_on\na,A,tool,evaluation,b\nb,B,tool,evaluation,c\n"
        "c,C,tool,evaluation,a\nd,D,tool,evaluation,a\n",
    )
    lines = came(planned)
    assert [what for _, what, _ in lines] == ["faulty", "faulty", "faulty", "added"]
    assert "a → b → c → a" in lines[0][2]
    upload(carla, "deliverables", "key,title,kind,priority,depends_on\na,A,tool,evaluation,zz\n")
    assert came(planned) == [(2, "faulty", "depends_on: There is no “zz”.")]
    assert edges(planned) == {}


def test_a_table_without_a_column_for_notes_leaves_them_as_they_are(
    carla: Browser, planned: Session
) -> None:
    upload_and_confirm(
        carla, "deliverables", "key,title,kind,priority\ntools,Other tools,tool,evaluation\n"
    )
    planned.rollback()
    tools = planned.scalars(select(Deliverable).where(Deliverable.key == "tools")).one()
    assert (tools.title, tools.note) == ("Other tools", "A note")


def test_parts_are_proposed_and_end_when_that_is_undone(carla: Browser, planned: Session) -> None:
    preview = upload_and_confirm(
        carla, "assignments", "deliverable,member,role\ntools,GB,contributor\n"
    )
    newest = select(AssignmentSpan.state).order_by(AssignmentSpan.id.desc()).limit(1)
    planned.rollback()
    assert planned.scalar(newest) is AssignmentState.PROPOSED
    carla.submit(f"{preview}/undo")
    planned.rollback()
    assert planned.scalar(newest) is AssignmentState.ENDED


def test_contributions_count_no_more_when_they_are_undone(carla: Browser, planned: Session) -> None:
    preview = upload_and_confirm(
        carla,
        "contributions",
        "date,member,kind,amount,unit,about,deliverable\n"
        "2025-01-01,KE,staff_time,3,months,Testing,tools\n",
    )
    planned.rollback()
    assert planned.scalar(select(func.count()).select_from(Contribution)) == 1
    carla.submit(f"{preview}/undo")
    planned.rollback()
    assert planned.scalar(select(func.count()).select_from(ContributionEnd)) == 1


def test_what_changed_since_the_preview_is_shown_again_and_not_done(
    carla: Browser, planned: Session, cast: Cast
) -> None:
    preview = upload(carla, "updates", HEAD + "2025-02-01,tools,in_progress,,\n")
    tools = planned.scalars(select(Deliverable).where(Deliverable.key == "tools")).one()
    make.update(planned, tools, Status.IN_PROGRESS, date(2025, 2, 1), by=cast.liaison)
    planned.commit()
    carla.submit(f"{preview}/confirm")
    assert len(updates(planned)) == 1
    assert "There is nothing to do" in carla.get(preview).get_data(as_text=True)


def test_nobody_else_sees_or_confirms_a_table(carla: Browser, planned: Session, cast: Cast) -> None:
    preview = upload(carla, "updates", HEAD + "2025-02-01,tools,in_progress,,\n")
    other = make.account(planned, cast.coordinator.role)
    planned.commit()
    carla.sign_in(other)
    assert carla.get(preview).status_code == 404
    assert carla.submit(f"{preview}/confirm").status_code == 404
    carla.sign_in(cast.liaison)
    assert carla.get("/import").status_code == 403
    assert carla.get("/tables/updates.csv").status_code == 200
