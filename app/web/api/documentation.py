"""The document that describes the API, and the same to read."""

from typing import Any

from flask import Blueprint, Response, current_app, json, render_template, request

from app.web.access import nobody_is_signed_in, public
from app.web.api.etags import tag_of
from app.web.api.problems import ROOT
from app.web.errors import TEXTS

blueprint = Blueprint("api", __name__, url_prefix=ROOT)
METHODS = ("get", "post", "put", "patch", "delete")


@blueprint.get("/openapi.json")
@public
def document() -> Response:
    """OpenAPI 3.1. It says nothing of the network."""
    nobody_is_signed_in()
    body = json.dumps(described(), sort_keys=False)
    response = Response(body, mimetype="application/json")
    response.set_etag(tag_of(body.encode()))
    return response


@blueprint.get("/docs")
@public
def documentation() -> str:
    """Made on the server, of the document itself."""
    said = described()
    return render_template(
        "api/documentation.html",
        document=said,
        groups=_groups(said),
        schemas=said.get("components", {}).get("schemas", {}),
        root=request.host_url.rstrip("/"),
        type_of=type_of,
        faults=[(status, title) for status, (title, _text) in TEXTS.items()],
    )


def described() -> dict[str, Any]:
    extensions = current_app.extensions
    if "api_document" not in extensions:
        extensions["api_document"] = extensions["api"].spec.to_dict()
    found: dict[str, Any] = extensions["api_document"]
    return found


def type_of(schema: dict[str, Any]) -> dict[str, str]:
    """What a value is, in words: `text` and, where it is one of the described, its name as
    `schema`."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return {"text": name, "schema": name}
    for parts in ("allOf", "anyOf"):
        for part in schema.get(parts, ()):
            if "$ref" in part:
                return type_of(part)
    if schema.get("type") == "array":
        inner = type_of(schema.get("items", {}))
        return {"text": f"[{inner['text']}]", "schema": inner["schema"]}
    kinds = schema.get("type", "any")
    text = " | ".join(kinds) if isinstance(kinds, list) else str(kinds)
    form = schema.get("format")
    return {"text": f"{text} ({form})" if form else text, "schema": ""}


def _groups(said: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations by their tag, in the order of the document."""
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in said.get("tags", ())}
    for path, operations in said["paths"].items():
        shared = operations.get("parameters", [])
        for method in METHODS:
            if method in operations:
                found = {**operations[method], "path": path, "method": method.upper()}
                found["parameters"] = [*shared, *found.get("parameters", [])]
                for tag in found["tags"]:
                    groups.setdefault(tag, []).append(found)
    descriptions = {tag["name"]: tag.get("description", "") for tag in said.get("tags", ())}
    return [
        {"name": name, "description": descriptions.get(name, ""), "operations": found}
        for name, found in groups.items()
        if found
    ]
