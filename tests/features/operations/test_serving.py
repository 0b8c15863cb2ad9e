"""The production server as it is shipped: its own settings, the proxy before it, its units."""

import gzip
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, Request, build_opener

import pytest
import served
from databases import SqliteFile
from served import ROOT, Site, Visitor

DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in {".service", ".timer"})


@pytest.fixture(scope="module")
def site(sqlite_file: SqliteFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    instance = tmp_path_factory.mktemp("served", numbered=True)
    sqlite_file.fresh(instance)
    proxied = {
        "TLS": "on",
        "TRUSTED_PROXIES": "1",
        "TRUSTED_HOSTS": "tracker.example.org,127.0.0.1",
    }
    with served.site(instance, **proxied) as started:
        yield started


def stylesheet(site: Site) -> str:
    page = Visitor(site.port).get("/sign-in")[1]
    return re.findall(r'href="(/static/[^"]+\.css)"', page)[0]


def test_static_files_are_kept_for_ever_under_their_hash_and_compressed(site: Site) -> None:
    visitor, path = Visitor(site.port), stylesheet(site)
    visitor.connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = visitor.connection.getresponse()
    packed = answer.read()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(packed) < len(gzip.decompress(packed)) / 2


def test_figures_of_all_processes_are_added_up(site: Site) -> None:
    until = time.monotonic() + 20
    while len(site.workers()) < 2:  # the first may answer before the second is there
        assert time.monotonic() < until
    for _ in range(20):
        assert Visitor(site.port).get("/healthz")[0] == 200
    told = Visitor(site.port).get("/metrics")[1]
    count = re.search(
        r'tracker_requests_total\{method="GET",route="/healthz",status="200"\} (\d+)', told
    )
    assert count is not None
    assert int(count[1]) >= 20


def test_the_log_is_json_and_names_no_address(site: Site) -> None:
    Visitor(site.port).get("/invitations/very-secret-token?x=another-secret")
    lines = [json.loads(line) for line in site.log.read_text().splitlines()]
    assert {"request_id", "route", "status", "ms", "queries"} <= lines[-1].keys()
    assert "secret" not in site.log.read_text()


def test_a_worker_that_is_killed_is_replaced(site: Site) -> None:
    before = site.workers()
    os.kill(before[0], signal.SIGKILL)
    until = time.monotonic() + 20
    while before[0] in site.workers() or len(site.workers()) < 2:
        assert time.monotonic() < until
        Visitor(site.port).get("/healthz")  # the other one still answers
    assert Visitor(site.port).get("/readyz")[0] == 200


def test_told_to_stop_it_stops_by_itself_and_leaves_nothing(
    sqlite_file: SqliteFile, tmp_path: Path
) -> None:
    sqlite_file.fresh(tmp_path)
    figures = tmp_path / "tmp"
    figures.mkdir()
    with served.site(tmp_path, TMPDIR=str(figures)) as site:
        assert Visitor(site.port).get("/readyz")[0] == 200
        assert len(list(figures.iterdir())) == 1
    assert site.process.returncode == 0
    assert list(figures.iterdir()) == []


@pytest.fixture
def proxy(site: Site, tmp_path: Path) -> Iterator[int]:
    """The shipped site in an nginx of our own: only ports, paths and the certificate differ."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed: apt install nginx-light openssl")
    port = served.free_port()
    config = configured(tmp_path, site.port, served.free_port(), port)
    checked = subprocess.run(
        [nginx, "-t", "-c", config], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen([nginx, "-c", config, "-g", "daemon off;"])
    wait_for(port)
    yield port
    process.send_signal(signal.SIGQUIT)
    process.wait(20)


def configured(folder: Path, upstream: int, plain: int, port: int) -> str:
    key, certificate = folder / "key.pem", folder / "cert.pem"
    make = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tracker.example.org"
    command = ["openssl", *make.split(" "), "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    live = "/etc/letsencrypt/live/tracker.example.org"
    shipped = (DEPLOY / "nginx.conf").read_text()
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        (f"{live}/fullchain.pem", str(certificate)),
        (f"{live}/privkey.pem", str(key)),
        ("/var/log/nginx/network-tracker.log", str(folder / "access.log")),
    ):
        assert old in shipped, old
        shipped = shipped.replace(old, new)
    (folder / "site.conf").write_text(shipped)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; events {{}} "
        f"http {{ {temporary} include {folder}/site.conf; }}"
    )
    return str(config)


def wait_for(port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("nginx did not start")


def test_the_shipped_proxy_leads_to_the_site(site: Site, proxy: int, tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    trusting.check_hostname = False
    opener = build_opener(HTTPSHandler(context=trusting))

    def ask(path: str) -> tuple[int, str, dict[str, str]]:
        request = Request(
            f"https://127.0.0.1:{proxy}{path}", headers={"Host": "tracker.example.org"}
        )
        try:
            with opener.open(request, timeout=10) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except HTTPError as error:
            with error:
                return error.code, "", {}

    status, _page, headers = ask("/sign-in")
    assert status == 200
    assert "__Host-session" in headers["Set-Cookie"]
    assert headers["Strict-Transport-Security"]
    assert ask("/metrics")[0] == 404
    assert ask(stylesheet(site))[0] == 200
    # Its number is the proxy's, so that both logs can be laid side by side. The proxy writes its
    # line after the answer, and before it takes up what is asked next.
    assert headers["X-Request-ID"] in (tmp_path / "access.log").read_text()
    assert headers["X-Request-ID"] in site.log.read_text()
    assert "sign-in" not in (tmp_path / "access.log").read_text()


def test_many_that_send_slowly_keep_nobody_waiting(site: Site, proxy: int) -> None:
    """The proxy hands a request on once it is there as a whole. Twice as many as the site has
    threads begin a form and send no more of it."""
    careless = ssl.create_default_context()
    careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
    head = (
        "POST /sign-in HTTP/1.1\r\nHost: tracker.example.org\r\nContent-Length: 5000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=a"
    )
    with ExitStack() as lines:
        for _ in range(16):
            plain = lines.enter_context(socket.create_connection(("127.0.0.1", proxy), 30))
            lines.enter_context(careless.wrap_socket(plain)).sendall(head.encode())
        opener = build_opener(HTTPSHandler(context=careless))
        asked = Request(
            f"https://127.0.0.1:{proxy}/sign-in", headers={"Host": "tracker.example.org"}
        )
        with opener.open(asked, timeout=30) as answer:
            assert answer.status == 200
        assert Visitor(site.port).get("/healthz")[0] == 200


def test_the_units_hold_what_systemd_asks_of_them(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for unit in UNITS:
        # It looks whether programs are there; here they are elsewhere.
        text = unit.read_text().replace("/srv/network-tracker/.venv/bin", str(ROOT / ".venv/bin"))
        (tmp_path / unit.name).write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in checked.stderr.splitlines() if str(tmp_path) in line]
    assert ours == []
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=str)
def test_every_unit_shuts_its_files_and_can_gain_nothing(unit: Path) -> None:
    text = unit.read_text()
    for line in ("UMask=0077", "NoNewPrivileges=yes", "ProtectSystem=strict", "User=tracker"):
        assert f"\n{line}\n" in text, line
