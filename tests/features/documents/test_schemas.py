"""The published schemas: sound in themselves, and open to all."""

import jsonschema
import pytest
from browser import Browser

from app.documents import schemas


@pytest.mark.parametrize("name", schemas.names())
def test_a_schema_is_one_and_is_published_without_an_account(client: Browser, name: str) -> None:
    answer = client.get(schemas.address(name))
    assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
    found = answer.get_json(force=True)
    assert found["$id"] == schemas.address(name)
    jsonschema.Draft202012Validator.check_schema(found)


def test_a_schema_that_there_is_not_is_not_found(client: Browser) -> None:
    assert client.get("/schemas/nothing-1.json").status_code == 404
    assert client.get("/schemas/..%2fagenda-1.json").status_code in {302, 404}
