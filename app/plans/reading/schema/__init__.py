"""What the two formats hold: every section, every field, what it takes and what it names."""

from app.plans.reading.schema.plan import PLAN
from app.plans.reading.schema.record import RECORD

PLAN_FORMAT, RECORD_FORMAT, VERSION = "network-plan", "network-record", 1
FORMATS = {PLAN_FORMAT: PLAN, RECORD_FORMAT: RECORD}
