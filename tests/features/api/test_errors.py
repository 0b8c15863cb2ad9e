"""Whatever goes wrong is answered as problem details, and nothing is written."""

from collections.abc import Callable

import make
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from cast import Cast
from program import Program, problem
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.permissions import Permission, Scope
from app.web.access import access
from app.web.api.bearer import scoped
from app.web.database import Tracker

pytestmark = pytest.mark.own_app

Programs = Callable[..., Program]


def test_addresses_methods_and_contents_that_are_not_known(
    program: Programs, cast: Cast, session: Session
) -> None:
    make.deliverable(session, by=cast.coordinator, key="tools")
    bearer = program(cast.coordinator)
    problem(bearer.get("/nothing"), 404)
    problem(bearer.get("/deliverables/Not%20A%20Key"), 404)
    answer = bearer.ask("DELETE", "/deliverables/tools")
    problem(answer, 405)
    assert {"GET", "PATCH"} <= {each.strip() for each in answer.headers["Allow"].split(",")}
    once = {"Idempotency-Key": "x"}
    path = "/deliverables/tools/updates"
    form = {"status": "in_progress"}
    problem(bearer.ask("POST", path, data=form, headers=once), 415)
    json = {"content_type": "application/json", "headers": once}
    problem(bearer.ask("POST", path, data=b"{", **json), 400)
    problem(bearer.ask("POST", path, data=b"[]", **json), 422)
    problem(bearer.ask("POST", path, data=b"\xff", **json), 400)
    problem(bearer.ask("POST", path, data=b" " * 20_000_000, **json), 413)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_fault_of_ours_has_a_number_and_a_busy_database_a_time(
    app: Tracker, program: Programs, cast: Cast
) -> None:
    @scoped(Scope.READ)
    @access(Permission.NETWORK_READ)
    def breaks() -> str:
        raise ZeroDivisionError

    @scoped(Scope.READ)
    @access(Permission.NETWORK_READ)
    def waits() -> str:
        raise OperationalError("", {}, Exception("database is locked"))

    app.config.update(TESTING=False)
    app.add_url_rule("/api/v1/breaks", "breaks", breaks)
    app.add_url_rule("/api/v1/waits", "waits", waits)
    bearer = program(cast.observer)
    assert problem(bearer.get("/breaks"), 500)["instance"].startswith("urn:fault:")
    busy = bearer.get("/waits")
    problem(busy, 503)
    assert int(busy.headers["Retry-After"]) > 0


def test_errors_are_worded_in_the_language_of_the_account(program: Programs, cast: Cast) -> None:
    told = problem(program(cast.observer).get("/deliverables?limit=0"), 422)
    assert told["title"] == "This could not be done"


def test_the_documentation_is_a_page_without_scripts_of_others(
    app: Tracker, client: Browser, cast: Cast
) -> None:
    answer = client.get("/api/v1/docs")
    page = BeautifulSoup(answer.text, "html.parser")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not page.select("script:not([src]), [style], style")
    described = client.get("/api/v1/openapi.json").json
    assert described["openapi"].startswith("3.1")
    for path, operations in described["paths"].items():
        for method in operations:
            if method != "parameters":
                assert f"{method.upper()} {path}" in page.text
    anchors = {each["id"] for each in page.select("[id]")}
    links = {each["href"][1:] for each in page.select('a[href^="#"]')}
    assert links <= anchors, links - anchors


def test_the_document_is_asked_for_again_by_its_tag(client: Browser) -> None:
    tag = client.get("/api/v1/openapi.json").headers["ETag"]
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": tag})
    assert again.status_code == 304
