"""The application: settings, extensions, pages, error pages. Nothing else happens here."""

from werkzeug.middleware.proxy_fix import ProxyFix

from app import trail
from app.audit import routes as audit
from app.audit import watching
from app.blueprints import API_BLUEPRINTS, BLUEPRINTS
from app.cli import COMMANDS
from app.dashboards import frame as network
from app.demo import bounds
from app.desk.routes import desk
from app.extensions import babel, csrf, db
from app.notices.addresses import BadMailUrl, mail_server
from app.people import bearer as tokens
from app.people import login
from app.reminders.routes import links as mails
from app.web import (
    access,
    assets,
    day,
    errors,
    forms,
    frame,
    headers,
    kept,
    languages,
    logs,
    navigation,
)
from app.web.api import bearer, limits
from app.web.api.blueprint import describe
from app.web.database import Tracker
from app.web.signing import SessionCookies
from config import Settings, from_environment


def create_app(settings: Settings | None = None) -> Tracker:
    settings = settings or _from_environment()
    if settings.logs == "json":
        logs.write_json()
    app = Tracker(
        __name__,
        instance_path=str(settings.instance.resolve()),
        static_folder=None,
        template_folder="web/templates",
    )
    app.session_interface = SessionCookies()
    app.config.update(settings.as_flask())
    _join_web(app)
    _join_extensions(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _join_api(app)
    for command in COMMANDS:
        app.cli.add_command(command)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    return app


def _from_environment() -> Settings:
    settings = from_environment()
    try:
        mail_server(settings.mail_url)
    except BadMailUrl as bad:
        raise SystemExit(f"MAIL_URL cannot be understood: {bad}.") from None
    return settings


def _join_web(app: Tracker) -> None:
    # The order is that of the checks: the host, the demonstration's bounds, then the account;
    # only then the token of the form. A program's token is asked for before any cookie is.
    logs.init_app(app)
    errors.init_app(app)
    bounds.init_app(app)
    bearer.init_app(app, tokens.find)
    access.init_app(app)
    forms.init_app(app)
    assets.init_app(app)
    headers.init_app(app)
    languages.init_app(app)
    day.init_app(app, network.milestones)
    frame.init_app(app, network.short_name)
    kept.init_app(app)
    audit.init_app(app, trail.readable)
    watching.init_app(app)
    navigation.init_app(app, {"desk.index": desk.count})


def _join_api(app: Tracker) -> None:
    limits.init_app(app)
    tokens.init_app(app)
    api = app.extensions["api"] = describe(app)
    for blueprint in API_BLUEPRINTS:
        api.register_blueprint(blueprint)
        csrf.exempt(blueprint)  # no cookie answers for a program, so no form can be forged


def _join_extensions(app: Tracker, settings: Settings) -> None:
    db.init_app(app, settings.database_url)
    babel.init_app(
        app,
        locale_selector=languages.select_language,
        timezone_selector=languages.select_zone,
    )
    csrf.init_app(app)
    csrf.exempt(kept.resume)
    csrf.exempt(mails.unsubscribe)
    login.init_app(app)
