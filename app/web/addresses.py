"""What the address of a request asks for."""

from flask import request


def asked() -> dict[str, list[str]]:
    """The arguments of the query by name, for building the address of another state of the page.
    Names with a leading underscore mean something to `url_for` itself and are left out."""
    return {name: values for name, values in request.args.lists() if not name.startswith("_")}
