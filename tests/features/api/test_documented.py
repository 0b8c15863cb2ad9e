"""What docs/api.md shows works: its examples are run against a server."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import make
import pytest
from cast import Cast
from program import token_of
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.web.database import Tracker

TEXT = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture
def site(app: Tracker) -> Iterator[str]:
    app.config["NOW"] = lambda: make.NOW
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_examples_work(site: str, cast: Cast, session: Session) -> None:
    made = make.deliverable(session, by=cast.coordinator, key="joint-tools")
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    token = token_of(session, cast.coordinator)
    session.close()
    assert len(EXAMPLES) == 3
    for example in EXAMPLES:
        script = example.replace("https://tracker.example.org", site)
        done = subprocess.run(
            ["sh", "-e", "-c", script],
            env={"TOKEN": token, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, (script, done.stdout, done.stderr)
        assert "problem" not in done.stdout or '"problem":null' in done.stdout
