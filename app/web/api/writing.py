"""What a write is answered by."""

from typing import Any

from flask import url_for

Made = tuple[dict[str, Any], int, dict[str, str]]


def made(id: int | str, endpoint: str, **where: Any) -> Made:
    """The receipt of what was written: its id or key, and the address to read it at."""
    address = url_for(endpoint, **where)
    return {"id": id, "url": address}, 201, {"Location": address}
