"""What the criteria ask."""

from flask_babel import lazy_gettext as _l

from app.membership.rules import AdmissionCriterion

ASKS: dict[AdmissionCriterion, str] = {
    AdmissionCriterion.EXPERTISE: _l("It has the expertise that the network's work needs."),
    AdmissionCriterion.CAPACITY: _l("It has people and means to take part."),
    AdmissionCriterion.EVIDENCE: _l("There is public evidence of both."),
}
