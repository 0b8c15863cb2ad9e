"""Every feature's pages, in one list. A new feature adds its line here."""

from flask import Blueprint

from app.agendas.api import blueprint as agendas_api
from app.agendas.routes import actions
from app.agendas.routes import blueprint as agendas
from app.audit.api import blueprint as audit_api
from app.audit.routes import blueprint as audit
from app.bodies.api import blueprint as bodies_api
from app.bodies.routes import blueprint as bodies
from app.calendars.routes import blueprint as calendars
from app.contributions.api import blueprint as contributions_api
from app.contributions.routes import blueprint as contributions
from app.correspondence.api import blueprint as letters_api
from app.correspondence.routes import blueprint as correspondence
from app.dashboards.api import blueprint as network_api
from app.dashboards.routes.compare import blueprint as compare
from app.dashboards.routes.deadlines import blueprint as deadlines
from app.dashboards.routes.functions import blueprint as functions
from app.dashboards.routes.matrix import blueprint as matrix
from app.dashboards.routes.members import blueprint as members
from app.dashboards.routes.overview import blueprint as dashboards
from app.dashboards.routes.priorities import blueprint as priorities
from app.dashboards.routes.public import blueprint as public
from app.dashboards.routes.questions import blueprint as questions
from app.dashboards.routes.slips import blueprint as slips
from app.dashboards.routes.timeline import blueprint as timeline
from app.decisions.api import blueprint as decisions_api
from app.decisions.routes import blueprint as decisions
from app.deliverables.api import blueprint as deliverables_api
from app.deliverables.routes import blueprint as deliverables
from app.desk.api import blueprint as desk_api
from app.desk.routes import blueprint as desk
from app.documents.routes import blueprint as documents
from app.meetings.api import blueprint as meetings_api
from app.meetings.routes import blueprint as meetings
from app.members.routes import blueprint as profiles
from app.membership.routes import leadership, membership, names
from app.operations.routes import blueprint as operations
from app.people.routes import accounts
from app.people.routes import blueprint as people
from app.plans.routes import blueprint as imports
from app.reminders.routes import blueprint as mail
from app.reports.routes import blueprint as reports
from app.reviews.api import blueprint as reviews_api
from app.reviews.routes import blueprint as reviews
from app.search.api import blueprint as search_api
from app.search.routes import blueprint as search
from app.web.api.blueprint import ApiBlueprint
from app.web.api.documentation import blueprint as api
from app.web.routes import blueprint as web

BLUEPRINTS: tuple[Blueprint, ...] = (
    web,
    operations,
    people,
    accounts,
    desk,
    audit,
    dashboards,
    priorities,
    questions,
    decisions,
    deliverables,
    deadlines,
    members,
    contributions,
    correspondence,
    profiles,
    membership,
    bodies,
    leadership,
    names,
    public,
    timeline,
    functions,
    matrix,
    compare,
    meetings,
    agendas,
    actions,
    documents,
    calendars,
    reviews,
    reports,
    slips,
    search,
    mail,
    api,
    imports,
)

API_BLUEPRINTS: tuple[ApiBlueprint, ...] = (
    network_api,
    deliverables_api,
    meetings_api,
    agendas_api,
    decisions_api,
    contributions_api,
    reviews_api,
    bodies_api,
    letters_api,
    desk_api,
    search_api,
    audit_api,
)
"""What programs read and write, in the order in which the document describes it."""
