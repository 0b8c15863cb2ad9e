"""A site that sends its mail to a real server."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from post_office import PostOffice, Remind, running
from sqlalchemy.orm import Session

from app.web.database import Tracker
from config import Settings


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with running(PostOffice()) as office:
        yield office


@pytest.fixture
def settings(settings: Settings, office: PostOffice) -> Settings:
    return replace(
        settings,
        mail_url=office.url,
        mail_from="Tracker <tracker@example.org>",
        public_url="https://tracker.example.org",
    )


@pytest.fixture
def remind(app: Tracker, session: Session) -> Remind:
    """`flask remind` at an instant (default: the present one), and what it says."""

    def run(at: datetime | None = None) -> dict[str, Any]:
        session.commit()
        before = app.config["NOW"]
        if at is not None:
            app.config["NOW"] = lambda: at
        result = app.test_cli_runner().invoke(args=["remind", "--json"])
        app.config["NOW"] = before
        assert "Traceback" not in result.output, result.output
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        said: dict[str, Any] = json.loads(result.output)
        session.expire_all()
        return said

    return run
