"""Trying an action whose refusal is shown in the form that asked for it."""

from collections.abc import Callable

from flask import current_app
from sqlalchemy.exc import IntegrityError

from app.core.errors import Conflict, Refused
from app.web.constraints import meaning
from app.web.forms import Form


def attempt(form: Form, action: Callable[[], object]) -> int:
    """0 when the action went through; else the status of the answer, with the reason shown in the
    form and everything undone that the action wrote."""
    try:
        action()
    except Refused as refused:
        _undo()
        form.refuse(refused)
        return refused.status
    except IntegrityError as error:
        _undo()
        form.add_error(meaning(error))
        return Conflict.status
    return 0


def _undo() -> None:
    current_app.extensions["database"].session.rollback()
