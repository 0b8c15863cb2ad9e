"""Requests at random, made of nothing but the document that describes the API.

Every operation of the document is asked with what it says is right and with what it says is wrong;
all of schemathesis' own checks hold. The same seed gives the same requests. What it would keep of
failures from run to run is turned off.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from cast import Cast
from marked_world import World
from program import Program
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.schemas import BaseSchema
from sqlalchemy.orm import Session

from app.web.database import Tracker

pytestmark = pytest.mark.own_app

OF_LIAISONS = r"/(positions|proposals|updates|answer)$"
Programs = Callable[..., Program]
SEED = 20241121
CASES = 3
"""At random, for each operation; what schemathesis derives from the document comes on top."""
SETTINGS: dict[str, Any] = {
    "seed": SEED,
    "cache": {"enabled": False},
    "generation": {"max-examples": CASES, "deterministic": True, "database": "none"},
    "phases": {"stateful": {"enabled": False}},
    "checks": {
        # What fits the document may still be refused by a rule of the domain (422), or be made to
        # something that was changed meanwhile (412).
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "304", "401", "403", "404", "409", "412", "422"]
        },
        "negative_data_rejection": {
            "expected-statuses": ["400", "401", "403", "404", "405", "412", "415", "422", "428"]
        },
        # In process it cannot send its requests (4.32); tests/conventions/test_access.py asks every
        # address without a token and with a wrong one.
        "ignored_auth": {"enabled": False},
        "missing_required_header": {
            "expected-statuses": ["400", "401", "403", "406", "415", "422", "428"]
        },
    },
}


def described(app: Tracker, bearer: Program) -> BaseSchema:
    settings = {**SETTINGS, "headers": bearer.headers}
    config = SchemathesisConfig.from_dict(settings)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)


def failures(schema: BaseSchema) -> Iterator[str]:
    """What was found wrong, each with the request that shows it; counts what was asked."""
    asked = 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            asked += len(event.recorder.cases)
            for checks in event.recorder.checks.values():
                for check in checks:
                    if check.failure_info is not None:
                        failure = check.failure_info
                        yield f"{event.recorder.label} {check.name}: {failure.failure}\n" + (
                            failure.code_sample
                        )
        elif isinstance(event, events.NonFatalError | events.FatalError):
            yield str(getattr(event, "info", None) or getattr(event, "exception", event))
    yield f"asked {asked}"


@pytest.fixture
def world(session: Session, cast: Cast) -> World:
    """Something of every kind, with every marking."""
    return World(session, cast).build()


def check(app: Tracker, schema: BaseSchema, least: int) -> None:
    # Unhandled faults are answered, as they are to programs; limits are tested elsewhere.
    app.config.update(API_READS=10**9, API_WRITES=10**9, TESTING=False)
    *wrong, asked = failures(schema)
    assert wrong == [], "\n\n".join(wrong[:10])
    assert int(asked.split()[1]) >= least


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_document_says_is_what_is_answered(
    app: Tracker, program: Programs, cast: Cast, world: World
) -> None:
    check(app, described(app, program(cast.coordinator)), 1500)


def test_the_same_for_what_liaisons_do(
    app: Tracker, program: Programs, cast: Cast, world: World
) -> None:
    """On both databases: these write."""
    schema = described(app, program(cast.liaison))
    check(app, schema.include(path_regex=OF_LIAISONS, method="POST"), 100)
