"""Nothing that comes with a request leads off the site or passes for somebody else's address."""

import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "https:evil.example",
     "/\t//evil.example", "javascript:alert(1)", "\\\\evil.example", "/%5cevil.example/..//"],
)  # fmt: skip
def test_no_answer_leads_off_the_site(client: Browser, cast: Cast, target: str) -> None:
    client.sign_in(cast.observer)
    token = {"X-CSRFToken": client.csrf_token()}
    answers = [
        client.get("/sign-in", query_string={"next": target}),
        client.post("/theme", query_string={"next": target}, data={"theme": "dark"}, headers=token),
    ]
    for answer in answers:
        where = answer.headers["Location"]
        assert where.startswith("/"), where
        assert not where.startswith(("//", "/\\")), where


def test_a_proxy_that_was_not_declared_is_not_believed(
    client: Browser, session: Session, cast: Cast
) -> None:
    fields = {"email": cast.observer.email, "password": "wrong", "csrf_token": client.csrf_token()}
    forged = {"X-Forwarded-For": "203.0.113.1", "X-Forwarded-Host": "evil.example"}
    answer = client.post("/sign-in", data=fields, headers=forged)
    assert "evil" not in answer.text
    assert session.scalars(select(AuditEntry.address)).all() == ["127.0.0.1"]
