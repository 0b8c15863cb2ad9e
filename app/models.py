"""Every feature's models, for Alembic."""

from app.agendas import models as agendas
from app.audit import models as audit
from app.calendars import models as calendars
from app.contributions import models as contributions
from app.core.db import Base
from app.correspondence import models as correspondence
from app.deadlines import models as deadlines
from app.decisions import models as decisions
from app.deliverables import models as deliverables
from app.desk import models as desk
from app.meetings import models as meetings
from app.members import models as members
from app.membership import models as membership
from app.notices import models as notices
from app.people import models as people
from app.plans import models as plans
from app.priorities import models as priorities
from app.reports import models as reports
from app.reviews import models as reviews
from app.search import models as search
from app.sharing import models as sharing
from app.sources import models as sources
from app.web import models as web

__all__ = [
    "Base",
    "agendas",
    "audit",
    "calendars",
    "contributions",
    "correspondence",
    "deadlines",
    "decisions",
    "deliverables",
    "desk",
    "meetings",
    "members",
    "membership",
    "notices",
    "people",
    "plans",
    "priorities",
    "reports",
    "reviews",
    "search",
    "sharing",
    "sources",
    "web",
]
