"""What the site says and does when what it stands on gives way, and how it is found afterwards."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import make
import pytest
import served
from browser import Browser
from cast import Cast
from databases import SqliteFile
from faults.hammer import Said, account_for, arrange, filled, finish, hands
from served import Visitor
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app import create_app
from app.core import migrating
from app.core.db import make_engine, reading, writing
from app.core.filestore import FileStore
from app.deliverables.models import DeliverableState, StatusUpdate
from app.deliverables.rules.moves import Status
from app.extensions import db
from app.web.access import public
from app.web.database import Tracker
from config import Settings


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 24 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a small disk can be mounted by root alone")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_refuses_clearly_and_loses_nothing(
    sqlite_file: SqliteFile, small_disk: Path, tmp_path: Path
) -> None:
    url = sqlite_file.fresh(small_disk)
    email, keys = arrange(url)
    with served.site(tmp_path, DATABASE_URL=url) as site:
        first = finish_all(site, email, keys)
        assert set(first.statuses) == {303}
        visitor = Visitor(site.port)
        visitor.sign_in(email, make.PASSWORD)
        form = f"/deliverables/{keys[0]}/updates"
        fields = filled(visitor.get(form)[1], "post-when-full.")
        fill(small_disk)
        status, page = visitor.post(form, **fields)
        assert status == 503
        assert "no room left" in page
        assert "Nothing was saved" in page
        assert "Retry-After" in visitor.headers
        assert visitor.get(f"/deliverables/{keys[0]}")[0] == 200
        assert visitor.get("/")[0] == 200
        (small_disk / "filler").unlink()
        assert visitor.post(form, **fields)[0] == 303
        first.done.append("post-when-full.")
        account_for(url, first)


def finish_all(site: served.Site, email: str, keys: list[str]) -> Said:
    working = hands([site], email, keys, 2 * len(keys))
    for hand in working:
        hand.start()
    return finish(working)


def fill(folder: Path) -> None:
    with (folder / "filler").open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            return


def test_a_database_that_cannot_be_written_is_still_read(
    settings: Settings, client: Browser, cast: Cast, tmp_path: Path
) -> None:
    made = make.deliverable(client.session, by=cast.coordinator)
    key = made.key
    client.sign_in(cast.coordinator)
    cookies, token = client._cookies, client.csrf_token()
    client.session.close()
    if settings.database_url.startswith("sqlite"):
        path = settings.database_url.removeprefix("sqlite:///")
        shut = f"sqlite:///file:{path}?mode=ro&uri=true"
    else:
        url = make_url(settings.database_url)
        options = f"{url.query['options']} -cdefault_transaction_read_only=on"
        shut = url.update_query_dict({"options": options}).render_as_string(hide_password=False)
    db.engine.dispose()
    app = create_app(replace(settings, database_url=shut))
    app.config["NOW"] = lambda: make.NOW
    reader = app.test_client()
    reader._cookies = cookies
    fields = {"csrf_token": token, "status": "in_progress", "seen": "0"}
    fields["effective_on"] = "2026-11-24"
    answer = reader.post(f"/deliverables/{key}/updates", data=fields)
    assert answer.status_code == 503
    assert "cannot be written" in answer.text
    assert "Nothing was saved" in answer.text
    assert answer.headers["Retry-After"]
    assert reader.get(f"/deliverables/{key}").status_code == 200
    db.engine.dispose()


def test_a_database_that_another_holds_is_read_meanwhile_and_written_after(
    sqlite_file: SqliteFile, tmp_path: Path
) -> None:
    url = sqlite_file.fresh(tmp_path)
    email, keys = arrange(url)
    form = f"/deliverables/{keys[0]}/updates"
    with served.site(tmp_path, DATABASE_URL=url) as site:
        visitor = Visitor(site.port)
        visitor.sign_in(email, make.PASSWORD)
        fields = filled(visitor.get(form)[1], "post-held.")
        holder = make_engine(url)
        with (
            ThreadPoolExecutor(1) as pool,
            writing(holder).connect() as connection,
            connection.begin(),  # the lock of a writer that does not end
        ):
            waiting = pool.submit(visitor.post, form, **fields)
            other = Visitor(site.port)
            other.cookies = dict(visitor.cookies)
            assert other.get("/")[0] == 200
            status, page = waiting.result(30)
        holder.dispose()
        assert status == 503
        assert "busy" in page
        assert visitor.headers["Retry-After"]
        assert visitor.post(form, **fields)[0] == 303


@pytest.mark.postgres
def test_what_another_holds_in_postgresql_is_waited_for_and_then_said(
    postgres_url_: str, tmp_path: Path
) -> None:
    email, keys = arrange(postgres_url_)
    form = f"/deliverables/{keys[0]}/updates"
    impatient = with_options(postgres_url_, "-clock_timeout=300ms -cstatement_timeout=20s")
    with served.site(tmp_path, DATABASE_URL=impatient) as site:
        visitor = Visitor(site.port)
        visitor.sign_in(email, make.PASSWORD)
        fields = filled(visitor.get(form)[1], "post-held.")
        holder = make_engine(postgres_url_)
        with holder.begin() as connection:
            connection.execute(text("LOCK TABLE status_updates IN EXCLUSIVE MODE"))
            status, page = visitor.post(form, **fields)
            assert (status, "busy" in page) == (503, True)
            assert visitor.headers["Retry-After"]
            assert visitor.get("/deliverables")[0] == 200
        holder.dispose()
        assert visitor.post(form, **fields)[0] == 303
        account_for(postgres_url_, Said(done=["post-held."]))


@pytest.mark.postgres
def test_a_database_that_lets_nobody_in_or_takes_too_long_is_busy(
    postgres_url_: str, settings_on: Callable[[str], Settings]
) -> None:
    hasty = create_app(settings_on(with_options(postgres_url_, "-cstatement_timeout=50ms")))

    @public
    def slow() -> str:
        db.session.execute(text("SELECT pg_sleep(5)"))
        return ""

    hasty.add_url_rule("/try", "try", slow)
    answer = hasty.test_client().get("/try")
    db.engine.dispose()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_when_every_connection_is_taken_a_reader_is_told_to_come_back(
    sqlite_file: SqliteFile, tmp_path: Path, settings_on: Callable[[str], Settings]
) -> None:
    app = create_app(settings_on(sqlite_file.fresh(tmp_path)))
    db.engine.pool._timeout = 0.1  # type: ignore[attr-defined]
    with ExitStack() as taken:
        with suppress(PoolTimeout):
            while True:
                taken.enter_context(reading(db.engine).connect())
        answer = app.test_client().get("/public")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert app.test_client().get("/public").status_code != 503
    db.engine.dispose()


def with_options(url: str, more: str) -> str:
    made = make_url(url)
    options = f"{made.query.get('options', '')} {more}"
    return made.update_query_dict({"options": options}).render_as_string(hide_password=False)


@pytest.fixture
def settings_on(tmp_path: Path) -> Callable[[str], Settings]:
    return lambda url: Settings("only for tests", (), url, tmp_path, False, (), "", 0, False)


def test_a_backup_for_which_there_is_no_room_leaves_nothing_behind(
    sqlite_file: SqliteFile,
    small_disk: Path,
    tmp_path: Path,
    settings_on: Callable[[str], Settings],
) -> None:
    """No half of one that looks whole, and none of what was made on the way to it."""
    app = create_app(settings_on(sqlite_file.fresh(tmp_path)))
    FileStore(tmp_path / "evidence").put(os.urandom(30_000_000))
    file = small_disk / "network.backup.zip"
    told = app.test_cli_runner().invoke(args=["backup", "create", "-o", str(file)])
    db.engine.dispose()
    assert told.exit_code == 1
    assert "No backup was made" in told.output
    assert isinstance(told.exception, SystemExit), told.exception
    assert list(small_disk.iterdir()) == []


def test_an_hour_that_comes_twice_does_not_turn_updates_round(
    app: Tracker, session: Session, cast: Cast
) -> None:
    """The clock is set back an hour between two updates: the one logged later holds."""
    made = make.deliverable(session, by=cast.coordinator)
    session.commit()
    form = f"/deliverables/{made.key}/updates"
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.session = session
    browser.sign_in(cast.coordinator)
    moments = (make.NOW, make.NOW - timedelta(hours=1))
    for moment, status in zip(moments, ("in_progress", "in_review"), strict=True):
        app.config["NOW"] = lambda moment=moment: moment
        answer = browser.fill(form, status=status, effective_on="2026-11-24", note=status)
        assert answer.status_code == 303, answer.text[-300:]
    session.expire_all()
    current = select(DeliverableState.status).where(
        DeliverableState.deliverable_id == made.id,
        DeliverableState.update_id == select(func.max(StatusUpdate.id)).scalar_subquery(),
    )
    assert session.scalars(current).all() == [Status.IN_REVIEW]


def test_many_migrate_at_once_while_it_serves(database_url: str, tmp_path: Path) -> None:
    """Something is left to do: the newest migration is taken back beforehand."""
    email, keys = arrange(database_url)
    engine = make_engine(database_url)
    migrating.downgrade(engine, "-1")
    engine.dispose()
    with served.site(tmp_path, DATABASE_URL=database_url) as site:
        working = hands([site], email, keys, 5 * len(keys))
        for hand in working:
            hand.start()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: migrate(database_url), range(4)))
        said = finish(working)
        account_for(database_url, said)
        assert set(said.statuses) <= {303, 503}
        assert Visitor(site.port).get("/readyz")[0] == 200


def migrate(url: str) -> None:
    engine = make_engine(url)
    migrating.upgrade(engine)
    engine.dispose()


def test_a_damaged_page_is_found_and_said(sqlite_file: SqliteFile, tmp_path: Path) -> None:
    url = sqlite_file.fresh(tmp_path)
    arrange(url)
    path = Path(url.removeprefix("sqlite:///"))
    size = path.stat().st_size // 4096
    with path.open("r+b") as file:
        for page in range(3, size, 2):
            file.seek(4096 * page)
            file.write(b"\xa5" * 4096)
    told = served.flask("doctor", instance=tmp_path, DATABASE_URL=url)
    assert told.returncode == 1
    assert "database-damaged" in told.stdout, told.stderr[-2000:]
    assert "restore the last backup" in told.stdout
    assert "Traceback" not in told.stderr
