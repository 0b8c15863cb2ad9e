"""Programs of the cast."""

from collections.abc import Callable

import pytest
from browser import Browser
from cast import Cast
from program import Program
from sqlalchemy.orm import Session

from app.core.permissions import Scope
from app.people.models import Account

Programs = Callable[..., Program]


@pytest.fixture
def program(client: Browser, session: Session, cast: Cast) -> Programs:
    """`program(cast.liaison)` writes in the liaison's name; `program()` bears no token."""

    def make(account: Account | None = None, scope: Scope = Scope.WRITE) -> Program:
        return Program(client, session, account, scope)

    return make
