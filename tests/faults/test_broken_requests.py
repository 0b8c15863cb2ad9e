"""Requests that break off, workers that stop, files that vanish: what a served site does then."""

import http.client
import os
import signal
import socket
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import make
import pytest
import served
from databases import SqliteFile
from faults.hammer import Said, account_for, arrange, filled
from served import Site, Visitor


@contextmanager
def signed_in(sqlite_file: SqliteFile, folder: Path) -> Iterator[tuple[Site, Visitor, str, str]]:
    url = sqlite_file.fresh(folder)
    email, keys = arrange(url)
    with served.site(folder) as site:
        visitor = Visitor(site.port)
        visitor.sign_in(email, make.PASSWORD)
        yield site, visitor, url, f"/deliverables/{keys[0]}/updates"


def half_a_post(site: Site, visitor: Visitor, path: str) -> socket.socket:
    """Says that it will send more than it sends, and keeps the line open."""
    line = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nCookie: {cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n"
        "note=post-half."
    )
    line.sendall(head.encode())
    return line


def test_half_a_request_is_never_carried_out_and_others_are_served_meanwhile(
    sqlite_file: SqliteFile, tmp_path: Path
) -> None:
    with signed_in(sqlite_file, tmp_path) as (site, visitor, url, form):
        lines = [half_a_post(site, visitor, form) for _ in range(2)]
        assert visitor.get("/")[0] == 200
        assert visitor.post(form, **filled(visitor.get(form)[1], "post-whole."))[0] == 303
        for line in lines:
            line.close()  # cut, in the middle of it
        account_for(url, Said(done=["post-whole."], refused=["post-half."]))


def test_an_upload_that_is_cut_leaves_neither_an_update_nor_a_file(
    sqlite_file: SqliteFile, tmp_path: Path
) -> None:
    with signed_in(sqlite_file, tmp_path) as (site, visitor, url, form):
        fields = filled(visitor.get(form)[1], "post-with-file.")
        body = multipart(fields, b"%PDF-1.7\n" + b"x" * 500_000)
        sending = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        sending.putrequest("POST", form)
        sending.putheader("Content-Type", "multipart/form-data; boundary=part")
        sending.putheader("Content-Length", str(len(body)))
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        sending.putheader("Cookie", cookie)
        sending.endheaders(body[: len(body) // 2])
        sending.close()
        assert visitor.get("/healthz")[0] == 200
        site.stop()  # ends what was begun
        account_for(url, Said(refused=["post-with-file."]))
        assert [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == []


def multipart(fields: dict[str, str], content: bytes) -> bytes:
    parts = [
        f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        b'--part\r\nContent-Disposition: form-data; name="evidence_file"; filename="a.pdf"\r\n\r\n'
    )
    return b"".join([*parts, head, content, b"\r\n--part--\r\n"])


def test_told_to_stop_it_ends_the_posts_that_it_has_begun(
    sqlite_file: SqliteFile, tmp_path: Path
) -> None:
    """SIGTERM while a post waits for the database: it is answered, and what was answered holds."""
    with signed_in(sqlite_file, tmp_path) as (site, visitor, url, form):
        fields = filled(visitor.get(form)[1], "post-last.")
        holder = sqlite3.connect(tmp_path / "network.sqlite3", isolation_level=None)
        with closing(holder), ThreadPoolExecutor(1) as pool:
            holder.execute("BEGIN IMMEDIATE")
            waiting = pool.submit(visitor.post, form, **fields)
            until_it_waits(site)
            site.process.send_signal(signal.SIGTERM)
            holder.execute("ROLLBACK")
            assert waiting.result(60)[0] == 303
        assert site.process.wait(60) == 0
        account_for(url, Said(done=["post-last."]))


def until_it_waits(site: Site) -> None:
    """Until a worker holds a connection on which a request came in whole: the others answer."""
    for _ in range(5):
        assert Visitor(site.port).get("/healthz")[0] == 200


def test_a_worker_that_stands_still_does_not_stop_the_site(
    sqlite_file: SqliteFile, tmp_path: Path
) -> None:
    with signed_in(sqlite_file, tmp_path) as (site, _visitor, _url, _form):
        still = site.workers()[0]
        os.kill(still, signal.SIGSTOP)
        try:
            answered = sum(tried(site) for _ in range(8))
        finally:
            os.kill(still, signal.SIGCONT)
        # What the kernel hands to the one that stands waits with it; the other answers the rest.
        assert answered > 0
        assert Visitor(site.port).get("/readyz")[0] == 200


def tried(site: Site) -> bool:
    try:
        return Visitor(site.port, timeout=2).get("/healthz")[0] == 200
    except ConnectionError:
        return False


def test_a_database_file_that_is_deleted_while_it_serves_is_said(
    sqlite_file: SqliteFile, tmp_path: Path
) -> None:
    """Whoever has it open could write to it, and all would be gone with the process."""
    with signed_in(sqlite_file, tmp_path) as (site, visitor, _url, form):
        fields = filled(visitor.get(form)[1], "post-into-nothing.")
        for path in tmp_path.glob("network.sqlite3*"):
            path.unlink()
        for _ in range(3):
            assert visitor.post(form, **fields)[0] == 503
        status, said = Visitor(site.port).get("/readyz")
        assert (status, "not current" in said) == (503, True)
        told = served.flask("doctor", instance=tmp_path)
        assert told.returncode == 1
        assert "not-migrated" in told.stdout
        assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("WEB_THREADS", "many", "WEB_THREADS is a whole number"),
        ("TLS", "perhaps", "TLS is on or off"),
    ],
)
def test_a_server_that_cannot_start_says_why_in_a_sentence(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    left = tmp_path / "tmp"
    left.mkdir()
    site = Site(tmp_path, **{"TMPDIR": str(left), name: value})
    assert site.process.wait(240) != 0
    log = site.log.read_text()
    assert said in log
    assert "Traceback" not in log
    assert list(left.iterdir()) == []
