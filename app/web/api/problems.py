"""What the API answers when something is wrong: problem details as RFC 9457 has them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response, request

PREFIX = "/api/"
ROOT = "/api/v1"
MEDIA_TYPE = "application/problem+json"
DOCUMENTED = "/api/v1/docs#errors"


def is_api() -> bool:
    """Whether the request at hand is for a program, which reads no pages."""
    return request.path.startswith(PREFIX)


def told(
    status: int,
    title: str,
    detail: str,
    errors: Sequence[Mapping[str, str]] = (),
    number: str = "",
) -> dict[str, Any]:
    """`errors` says what is wrong with which field; `number` finds the fault in the log."""
    said: dict[str, Any] = {
        "type": f"{DOCUMENTED}-{status}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if errors:
        said["errors"] = list(errors)
    if number:
        said["instance"] = f"urn:fault:{number}"
    return said


def problem(said: Mapping[str, Any]) -> Response:
    body = json.dumps(said, ensure_ascii=False) + "\n"
    return Response(body, said["status"], mimetype=MEDIA_TYPE)


def in_fields(messages: Any) -> list[dict[str, str]]:
    """What marshmallow found, a line a fault: `field` is a path like `evidence.0.url`."""
    if not isinstance(messages, Mapping):
        return []
    found: list[dict[str, str]] = []
    for place, faults in messages.items():
        found += [
            {"in": "query" if place == "query" else "body", "field": path, "detail": text}
            for path, text in _walked(faults, ())
        ]
    return found


def _walked(faults: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(faults, Mapping):
        for name, inner in faults.items():
            yield from _walked(inner, path if name == "_schema" else (*path, str(name)))
    elif isinstance(faults, list | tuple):
        for each in faults:
            yield from _walked(each, path)
    else:
        yield ".".join(path), str(faults)
