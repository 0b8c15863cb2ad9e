"""A real Chromium in front of the real application, which listens on a port of this machine."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import make
import pytest
from databases import SqliteFile
from journey import SignIn
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.core.db import writing
from app.extensions import db
from app.people.models import Account
from app.web.database import Tracker


@pytest.fixture
def database_url(sqlite_file: SqliteFile, tmp_path: Path) -> str:
    """What the browser does differs in nothing on PostgreSQL."""
    return sqlite_file.fresh(tmp_path)


@pytest.fixture
def session(app: Tracker) -> Iterator[Session]:
    """Commit it before the browser acts: a transaction that it left open would keep the browser's
    from writing. What was loaded stays loaded, so that looking at it opens none."""
    with Session(writing(db.engine), expire_on_commit=False) as session:
        yield session


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(path).exists():
        pytest.skip("no Chromium: name one in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def site(app: Tracker) -> Iterator[str]:
    """The address at which the application answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sign_in(chromium: Chromium, site: str) -> Iterator[SignIn]:
    contexts: list[BrowserContext] = []

    def open_signed_in(account: Account, *, scripts: bool = True) -> Page:
        context = chromium.new_context(base_url=site, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("[name=email]", account.email)
        page.fill("[name=password]", make.PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield open_signed_in
    for context in contexts:
        context.close()
