"""A program that asks the API by a token, as scripts do."""

import json
from typing import Any

from browser import Browser
from make import NOW, number
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.permissions import Scope
from app.people.actions.tokens import make_token
from app.people.models import Account

ROOT = "/api/v1"


class Program:
    """Bears a token of the account, or none."""

    def __init__(
        self, client: Browser, session: Session, account: Account | None, scope: Scope = Scope.WRITE
    ) -> None:
        self.client, self.headers = client, {}
        self.secret = token_of(session, account, scope) if account else ""
        if account:
            self.headers["Authorization"] = f"Bearer {self.secret}"

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        where = path if path.startswith("/api") else f"{ROOT}{path}"
        return self.client.open(where, method=method, headers=headers, **options)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.ask("GET", path, headers=headers)

    def read(self, path: str) -> Any:
        """What is answered, which must be good."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json

    def post(self, path: str, body: Any, key: str = "", **headers: str) -> TestResponse:
        once = {"Idempotency-Key": key or f"key-{number()}"}
        return self.ask("POST", path, json=body, headers={**once, **headers})

    def patch(self, path: str, body: Any, seen: str = "") -> TestResponse:
        """Of what was read just before, unless `seen` names another tag."""
        tag = seen or self.get(path).headers["ETag"]
        return self.ask("PATCH", path, json=body, headers={"If-Match": tag})

    def every(self, path: str) -> list[Any]:
        """All portions of a list, one behind the other."""
        items, onward = [], path
        while onward:
            answer = self.read(onward)
            items += answer["items"]
            onward = answer["next"]
        return items


def token_of(session: Session, account: Account, scope: Scope = Scope.WRITE) -> str:
    _made, secret = make_token(session, account.actor, account, "A test", scope, 90, NOW)
    session.commit()
    return secret


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem details of an answer, which must be of this status."""
    assert answer.status_code == status, (answer.status, answer.text)
    assert answer.mimetype == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.text)
    assert told["status"] == status
    assert {"type", "title", "detail"} <= told.keys()
    return told
