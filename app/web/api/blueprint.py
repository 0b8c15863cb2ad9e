"""The one API of the application, and the blueprints that features join it with."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import RAISE, Schema, fields
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.routing import BaseConverter

from app.core.permissions import Permission, Scope
from app.web.access import access
from app.web.api import etags, idempotency
from app.web.api.bearer import scoped
from app.web.api.fields import CODE, KEY
from app.web.api.problems import MEDIA_TYPE, ROOT

View = Callable[..., Any]
SENT = "headers_sent"
"""Under this a view says which headers it takes, for the document."""


class KeyConverter(BaseConverter):
    """The key of a thing, as the plan gives it."""

    regex = KEY.strip("^$").replace("(", "(?:")


class CodeConverter(BaseConverter):
    regex = CODE.strip("^$")


class Fault(Schema):
    """What is wrong with one field."""

    field = fields.String(required=True)
    detail = fields.String(required=True)
    place = fields.String(data_key="in")


class Problem(Schema):
    """Problem details, RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String()
    errors = fields.List(fields.Nested(Fault))


class Parser(FlaskParser):
    """Refuses what it does not know, and bodies that are no JSON."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE, "headers": None}  # noqa: RUF012

    def load_json(self, req: Any, schema: Any) -> Any:
        if not req.is_json:
            raise UnsupportedMediaType(_("Send JSON: Content-Type: application/json."))
        return super().load_json(req, schema)


class ApiBlueprint(SmorestBlueprint):
    """Views for programs. `reads` and `writes` say of each what it needs, what it takes and what
    it gives; the document that describes the API is made of the same."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, import_name: str, description: str) -> None:
        # Endpoints of the API bear its name, apart from those of the feature's pages.
        super().__init__(f"api-{name}", import_name, url_prefix=ROOT, description=description)
        self._prepare_doc_cbks.append(self._prepare_headers_doc)
        self.after_request(etags.finish)

    def reads(
        self, rule: str, gives: type[Schema], *, takes: type[Schema], permission: Permission
    ) -> Callable[[View], View]:
        def mark(view: View) -> View:
            answer = self.response(200, gives)(view)
            answer = self.alt_response(
                304, description="It is as it was: If-None-Match named its ETag."
            )(answer)
            answer = self.arguments(takes, location="query")(answer)
            answer = self._say(answer, permission, Scope.READ, [])
            self.route(rule, methods=["GET"])(answer)
            return answer

        return mark

    def writes(
        self,
        rule: str,
        gives: type[Schema],
        *,
        takes: type[Schema],
        permission: Permission,
        method: str = "POST",
        status: int = 201,
    ) -> Callable[[View], View]:
        """A POST makes something new and is answered once; any other method changes what is there
        and names what its author saw."""

        def mark(view: View) -> View:
            answer = self.response(status, gives)(view)
            answer = self.arguments(takes, location="json")(answer)
            header = IDEMPOTENCY_KEY if method == "POST" else IF_MATCH
            answer = self._say(answer, permission, Scope.WRITE, [header])
            if method == "POST":
                answer = idempotency.once(answer)
            self.route(rule, methods=[method])(answer)
            return answer

        return mark

    def _say(
        self, view: View, permission: Permission, scope: Scope, headers: list[dict[str, Any]]
    ) -> View:
        said = self.doc(
            security=[{"token": []}],
            **{"x-permission": permission.value, "x-scope": scope.value},
        )(view)
        said._apidoc[SENT] = headers
        marked: View = scoped(scope)(access(permission)(said))
        return marked

    @staticmethod
    def _prepare_headers_doc(
        doc: dict[str, Any], doc_info: dict[str, Any], **_others: Any
    ) -> dict[str, Any]:
        doc.setdefault("parameters", []).extend(doc_info.get(SENT, []))
        return doc


IDEMPOTENCY_KEY = {
    "in": "header",
    "name": idempotency.HEADER,
    "required": True,
    "schema": {"type": "string", "pattern": idempotency.PATTERN},
    "description": "A key of your own choice: sent twice, it writes once.",
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string", "pattern": r'^"[0-9a-f]{32}"$'},
    "description": "The ETag of what is changed, from the last GET of this address.",
}


class TrackerApi(Api):
    """Describes; what goes wrong is answered by the application's own handlers."""

    def _register_error_handlers(self) -> None:
        pass

    def _register_etag_headers(self) -> None:
        pass

    def _register_pagination_header(self) -> None:
        pass

    def _register_responses(self) -> None:
        told = {"content": {MEDIA_TYPE: {"schema": Problem}}}
        for name, text in (
            ("DEFAULT_ERROR", "What is wrong, as problem details."),
            (HTTPStatus.UNPROCESSABLE_ENTITY.name, "What is wrong with which field."),
        ):
            self.spec.components.response(name, {"description": text, **told}, lazy=True)

    def _register_doc_blueprint(self) -> None:
        pass


def describe(app: Flask) -> TrackerApi:
    """An API to which blueprints can be joined."""
    app.url_map.converters.update(key=KeyConverter, code=CodeConverter)
    api = TrackerApi(
        spec_kwargs={
            "title": "Network tracker",
            "version": "1",
            "openapi_version": "3.1.0",
            "info": {"description": DESCRIPTION},
            "servers": [{"url": "/"}],
        }
    )
    api.init_app(app)
    app.cli.commands.pop("openapi", None)  # it would be one without a mark
    converters = {KeyConverter: KEY, CodeConverter: CODE}
    for converter, pattern in converters.items():
        api.register_converter(
            converter, lambda _, pattern=pattern: {"type": "string", "pattern": pattern}
        )
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    return api


DESCRIPTION = (
    "Everything that a page shows, and what liaisons and coordinators do every week. "
    "Made on the account’s page, a token is sent as `Authorization: Bearer`."
)
