"""Processes are killed, connections cut, servers doubled, while updates come from all sides."""

import os
import signal
from pathlib import Path

import served
from faults.hammer import HANDS, MARK, POSTS, account_for, arrange, finish, hands, progress, report
from served import Site, Visitor
from sqlalchemy import create_engine, text


def kill_a_worker(site: Site) -> None:
    if workers := site.workers():
        os.kill(workers[0], signal.SIGKILL)


def test_killing_a_worker_and_the_whole_server_loses_nothing_that_was_acknowledged(
    database_url: str, tmp_path: Path
) -> None:
    email, keys = arrange(database_url)
    with served.site(tmp_path, DATABASE_URL=database_url) as site:
        working = hands([site], email, keys, POSTS)
        for hand in working:
            hand.start()
        for part in range(1, 4):
            progress(working, POSTS * part // 6)
            kill_a_worker(site)
        progress(working, POSTS * 4 // 6)
        site.kill()
        site.start_again()
        said = finish(working)
        account_for(database_url, said)
        log = site.log.read_text()
    report("killed", said)
    # A line for each request, and in none what was written or what opens the session.
    assert log.count('"event": "request"') > len(said.done)
    assert MARK not in log
    assert [name for name, value in working[0].cookies.items() if value in log] == []
    assert said.done
    assert set(said.statuses) <= {303, 503}


def test_two_servers_on_one_database_keep_one_truth(postgres_url_: str, tmp_path: Path) -> None:
    email, keys = arrange(postgres_url_)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    same = {"DATABASE_URL": postgres_url_, "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzAB"}
    with (
        served.site(tmp_path / "one", **same) as one,
        served.site(tmp_path / "two", **same) as two,
    ):
        # Two hands, one at each server, share a deliverable: one of them may be late.
        shared = [key for key in keys[: HANDS // 2] for _ in range(2)]
        working = hands([one, two], email, shared, POSTS // 4)
        for hand in working:
            hand.start()
        said = finish(working)
        account_for(postgres_url_, said)
    report("two servers", said)
    assert said.done
    assert set(said.statuses) <= {303, 409}


def test_connections_that_are_cut_come_back_by_themselves(
    postgres_url_: str, tmp_path: Path
) -> None:
    email, keys = arrange(postgres_url_)
    with served.site(tmp_path, DATABASE_URL=postgres_url_) as site:
        working = hands([site], email, keys, POSTS // 3)
        for hand in working:
            hand.start()
        for part in range(1, 6):
            progress(working, POSTS * part // 24)
            cut_all(postgres_url_)
        said = finish(working)
        assert Visitor(site.port).get("/readyz")[0] == 200
        account_for(postgres_url_, said)
        log = site.log.read_text()
    report("cut", said)
    assert said.done
    assert set(said.statuses) <= {303, 503}, [x for x in log.splitlines() if '"error"' in x]
    assert said.without_retry == 0
    assert "Traceback" not in log


def cut_all(url: str) -> None:
    """End every connection of this test's site, as a restart of the database does."""
    engine = create_engine(url)
    mine = "SELECT pg_backend_pid()"
    with engine.connect() as connection:
        me = connection.scalar(text(mine))
        schema = connection.scalar(text("SELECT current_schema()"))
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> :me AND application_name = :name"
            ),
            {"me": me, "name": schema},
        )
    engine.dispose()
