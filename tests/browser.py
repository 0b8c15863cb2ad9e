"""A test client that signs in, reads pages and sends forms as a browser would."""

import secrets
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.people import actions, tokens
from app.people.models import Account
from app.sharing import remembering
from app.web.day import now


class Browser(FlaskClient):
    """`session` is the one in which the test arranges things: it is committed before each
    request, so that the request sees what the test made and neither waits for the other."""

    session: Session
    forgets = True
    """Tests arrange rows without a line in the trail; then nothing that was remembered holds."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        self.session.commit()
        if self.forgets:
            remembering.forget()
        kwargs.setdefault("buffered", True)  # read to the end and close, as a server does
        return super().open(*args, **kwargs)

    def sign_in(self, account: Account | None) -> "Browser":
        """Sign in without the form; None signs out. The session is a real row."""
        self.delete_cookie(self.application.config["SESSION_COOKIE_NAME"])
        if account is None:
            return self
        token = tokens.new_token()
        with self.application.app_context():
            instant = now()
        hashed = tokens.token_hash(token)
        actions.sign_in(self.session, account.id, hashed, "127.0.0.1", "Test", instant)
        self.session.commit()
        with self.session_transaction() as cookie:
            cookie["_user_id"] = token
        return self

    def page(self, url: str, status: int = 200) -> BeautifulSoup:
        """The page at an address, which must answer with the status."""
        answer = self.get(url)
        assert answer.status_code == status, (url, answer.status, answer.text[-500:])
        return BeautifulSoup(answer.text, "html.parser")

    def fill(self, url: str, *, at: str = "", **fields: Any) -> TestResponse:
        """Send the form of the page at `url` (at another address: `at`) with these fields in place
        of what it shows, as whoever opened it would."""
        return self.submit(url, **{**shown_in(self.page(at or url), url), **fields})

    def submit(self, url: str, **fields: Any) -> TestResponse:
        """Send a form with its token, without following where it leads."""
        return self.post(url, data={"csrf_token": self.csrf_token(), **fields})

    def csrf_token(self) -> str:
        """The token that a form on a page of this browser would carry."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
        key = self.application.config["SECRET_KEY"]
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))


def shown_in(page: BeautifulSoup, action: str) -> dict[str, str | list[str]]:
    """What the form with this action sends when nobody touches it, but for its token and files."""
    form = page.find("form", action=action)
    assert form is not None, action
    fields: dict[str, str | list[str]] = {}
    for field in form.find_all(["input", "textarea"]):
        kind = field.get("type", "text")
        if kind == "file" or (kind in ("checkbox", "radio") and not field.has_attr("checked")):
            continue
        text = field.text.strip() if field.name == "textarea" else field.get("value", "")
        fields[str(field["name"])] = str(text)
    for choice in form.find_all("select"):
        chosen = choice.find_all("option", selected=True)
        if choice.has_attr("multiple"):
            fields[str(choice["name"])] = [str(option["value"]) for option in chosen]
        elif option := (chosen or choice.find_all("option")[:1]):
            fields[str(choice["name"])] = str(option[0]["value"])
    fields.pop("csrf_token", None)
    return fields
