"""What the words of the enums are called on screen.

Keyed by the name of the enum, because this layer knows no feature; a test finds every enum of
a column here.
"""

from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.markings import Marking

LABELS: dict[str, dict[str, str]] = {
    "Status": {
        "not_started": _l("Not started"),
        "in_progress": _l("In progress"),
        "in_review": _l("In review"),
        "delivered": _l("Delivered"),
        "deferred": _l("Deferred"),
        "dropped": _l("Dropped"),
    },
    "Health": {
        "on_track": _l("On track"),
        "at_risk": _l("At risk"),
        "off_track": _l("Off track"),
    },
    "Flag": {
        "overdue": _l("Overdue"),
        "due_soon": _l("Due soon"),
        "off_track": _l("Off track"),
        "at_risk": _l("At risk"),
        "stale": _l("No recent update"),
        "blocked": _l("Blocked"),
        "date_clash": _l("Date clash"),
        "no_lead": _l("No lead"),
        "lead_not_accepted": _l("Lead not accepted"),
        "awaiting_review": _l("Awaiting review"),
        "unscheduled": _l("Unscheduled"),
    },
    "Severity": {
        "act_now": _l("Act now"),
        "soon": _l("Soon"),
        "watch": _l("Watch"),
    },
    "Topic": {
        "due": _l("What falls due"),
        "stale": _l("What nothing was heard of"),
        "asked": _l("What you are asked"),
        "actions": _l("What meetings asked you to do"),
        "agendas": _l("Agendas"),
        "decisions": _l("Decisions"),
        "digest": _l("The week in one mail"),
        "account": _l("Links of accounts"),
    },
    "Cadence": {
        "immediately": _l("At once"),
        "daily": _l("Once a day"),
        "weekly": _l("Once a week"),
        "never": _l("Never"),
    },
    "Happening": {
        "update.logged": _l("An update was logged"),
        "date.moved": _l("A date was moved"),
        "part.changed": _l("A part was offered, answered or ended"),
        "question.asked": _l("A question was asked"),
        "reports.asked": _l("Reports were asked for"),
        "action.assigned": _l("A member was asked to do something"),
        "agenda.published": _l("An agenda was published"),
        "minutes.published": _l("Minutes were published"),
        "decision.opened": _l("A decision was put to the members"),
        "decision.closed": _l("How a decision ended was recorded"),
    },
    "State": {
        "waiting": _l("Waits"),
        "sent": _l("Sent"),
        "dropped": _l("No longer so"),
        "given_up": _l("Given up"),
    },
    "AssignmentRole": {
        "lead": _l("Lead"),
        "contributor": _l("Contributor"),
        "reviewer": _l("Reviewer"),
    },
    "AssignmentState": {
        "proposed": _l("Proposed"),
        "accepted": _l("Accepted"),
        "declined": _l("Declined"),
        "ended": _l("Ended"),
    },
    "ProposalState": {
        "open": _l("Open"),
        "agreed": _l("Agreed"),
        "countered": _l("Another date was offered"),
        "refused": _l("Refused"),
        "withdrawn": _l("Withdrawn"),
    },
    "ReportState": {
        "not_due": _l("No report due"),
        "due": _l("Report due"),
        "overdue": _l("Report overdue"),
        "in": _l("Report in"),
        "sent_back": _l("Report sent back"),
        "accepted": _l("Report accepted"),
    },
    "Verdict": {
        "accepted": _l("Accepted"),
        "sent_back": _l("Sent back"),
    },
    "FileKind": {
        "pdf": _l("PDF"),
        "docx": _l("Word document"),
        "xlsx": _l("Excel workbook"),
        "png": _l("PNG image"),
        "jpeg": _l("JPEG image"),
        "csv": _l("CSV table"),
        "text": _l("Plain text"),
    },
    "DeliverableKind": {
        "statement": _l("Statement"),
        "agenda": _l("Agenda"),
        "catalogue": _l("Catalogue"),
        "method": _l("Method"),
        "tool": _l("Tool"),
        "guideline": _l("Guideline"),
        "event": _l("Event"),
        "arrangement": _l("Arrangement"),
    },
    "DeadlineKind": {
        "convening": _l("Convening"),
        "summit": _l("Summit"),
        "external": _l("Outside date"),
        "internal": _l("Internal date"),
    },
    "Adherence": {
        "met": _l("Met"),
        "none_recorded": _l("None recorded"),
        "due": _l("Due"),
        "ahead": _l("Ahead"),
        "skipped": _l("Skipped"),
    },
    "Amendment": {
        "moved": _l("Moved"),
        "skipped": _l("Skipped"),
        "added": _l("Added"),
    },
    "Hosting": {
        "fixed": _l("Always the same member"),
        "rotating": _l("Each member in turn"),
    },
    "Availability": {
        "yes": _l("Yes"),
        "if_needed": _l("If needed"),
        "no": _l("No"),
    },
    "SeriesKind": {
        "plenary": _l("Plenary"),
        "track": _l("Track"),
        "bilateral": _l("Bilateral"),
        "working_call": _l("Working call"),
    },
    "MeetingStatus": {
        "planned": _l("Planned"),
        "held": _l("Held"),
        "cancelled": _l("Cancelled"),
    },
    "Presence": {
        "attended": _l("Attended"),
        "remote": _l("Attended remotely"),
        "absent": _l("Absent"),
    },
    "ItemKind": {
        "opening": _l("Opening"),
        "information": _l("Information"),
        "status_review": _l("Status review"),
        "discussion": _l("Discussion"),
        "decision": _l("Decision"),
        "closing": _l("Closing"),
    },
    "Outcome": {
        "noted": _l("Noted"),
        "agreed": _l("Agreed"),
        "decided": _l("Decided"),
        "deferred": _l("Deferred"),
        "action": _l("Action"),
    },
    "ProposedItemState": {
        "open": _l("Waits for an answer"),
        "accepted": _l("Taken up"),
        "declined": _l("Declined"),
        "withdrawn": _l("Withdrawn"),
    },
    "ActionState": {
        "open": _l("Open"),
        "done": _l("Done"),
        "dropped": _l("Dropped"),
    },
    "Choice": {
        "keep": _l("Keep"),
        "move": _l("Move"),
        "ask": _l("Ask"),
        "escalate": _l("Escalate"),
        "accept": _l("Accept"),
        "send_back": _l("Send back"),
        "drop": _l("Drop"),
    },
    "Theme": {
        "goals": _l("Goals"),
        "mechanisms": _l("Mechanisms"),
        "strategy": _l("Strategy"),
    },
    "Horizon": {
        "near": _l("Near"),
        "medium": _l("Medium"),
        "long": _l("Long"),
    },
    "Basis": {
        "stated": _l("Stated"),
        "proposed": _l("Proposed"),
    },
    "QuestionStatus": {
        "open": _l("Open"),
        "under discussion": _l("Under discussion"),
        "decided": _l("Decided"),
    },
    "Relation": {
        "supplies expertise to": _l("Supplies expertise to"),
        "avoids duplicating": _l("Avoids duplicating"),
        "candidate partner": _l("Candidate partner"),
    },
    "DecisionState": {
        "draft": _l("Draft"),
        "open": _l("Open"),
        "passed": _l("Passed"),
        "not_passed": _l("Not passed"),
        "withdrawn": _l("Withdrawn"),
    },
    "Stance": {
        "support": _l("Support"),
        "no_objection": _l("No objection"),
        "abstain": _l("Abstain"),
        "object": _l("Object"),
        "opt_in": _l("Opt in"),
        "opt_out": _l("Opt out"),
    },
    "MemberStatus": {
        "prospective": _l("Prospective"),
        "observer": _l("Observer"),
        "partner": _l("Partner"),
        "member": _l("Member"),
        "former": _l("Former member"),
    },
    "AdmissionCriterion": {
        "expertise": _l("Expertise"),
        "capacity": _l("Capacity"),
        "evidence": _l("Evidence"),
    },
    "Finding": {
        "met": _l("Met"),
        "not_met": _l("Not met"),
        "not_known": _l("Not known"),
    },
    "Office": {
        "chair": _l("Chair"),
        "coordinator": _l("Network coordinator"),
        "track": _l("Track leads"),
        "other": _l("Other offices"),
    },
    "Criterion": {
        "overlap": _l("Overlap"),
        "impact": _l("Impact"),
        "feasibility": _l("Feasibility"),
    },
    "Level": {
        "none": _l("None stated"),
        "likely": _l("Likely"),
        "stated": _l("Stated"),
        "operational": _l("Operational"),
    },
    "DecisionRule": {
        "consensus": _l("Consensus"),
        "opt-in": _l("Opt-in"),
    },
    "ContributionKind": {
        "staff_time": _l("Staff time"),
        "money": _l("Money"),
        "compute": _l("Compute"),
        "expertise": _l("Expertise"),
        "hosting": _l("Hosting"),
    },
    "Direction": {
        "incoming": _l("Incoming"),
        "outgoing": _l("Outgoing"),
    },
    "Purpose": {
        "for_action": _l("For action"),
        "for_comment": _l("For comment"),
        "for_information": _l("For information"),
        "in_response": _l("In response"),
    },
    "LetterState": {
        "received": _l("Received"),
        "draft": _l("Draft"),
        "approved": _l("Approved"),
        "sent": _l("Sent"),
        "answered": _l("Answered"),
        "closed": _l("Closed"),
    },
    "Precision": {
        "day": _l("Day"),
        "month": _l("Month"),
        "year": _l("Year"),
    },
    "Role": {
        "administrator": _l("Administrator"),
        "coordinator": _l("Coordinator"),
        "liaison": _l("Liaison"),
        "observer": _l("Observer"),
        "recorder": _l("Recorder of published facts"),
    },
    "Scope": {
        "read": _l("Read only"),
        "write": _l("Read and write"),
    },
    "Permission": {
        "network:all:read": _l("Read the plan and its record, as far as their markings allow"),
        "deliverables:update:log": _l("Log the status of deliverables"),
        "deliverables:assignment:answer": _l("Accept or decline assignments"),
        "deliverables:date:propose": _l("Propose new dates for what your member works on"),
        "deliverables:date:answer": _l("Answer the dates that the other side proposes"),
        "deliverables:deliverable:plan": _l("Plan, assign and reschedule deliverables"),
        "deliverables:attention:tend": _l("Mute flags and set when they are raised"),
        "members:profile:keep": _l("Keep the profile of your member"),
        "members:network:keep": _l("Record standings, offices, names and outside bodies"),
        "decisions:decision:put": _l("Put decisions to the members and record their outcome"),
        "decisions:position:take": _l("Take your member’s position on decisions"),
        "meetings:meeting:plan": _l("Plan meetings and record that they were held"),
        "meetings:time:answer": _l("Say which times of a meeting suit your member"),
        "reports:report:ask": _l("Ask for reports before a meeting, accept them or send them back"),
        "reviews:review:read": _l("Read deadline reviews"),
        "reviews:review:hold": _l("Hold deadline reviews"),
        "contributions:contribution:record": _l("Record what your member contributes"),
        "correspondence:letter:write": _l("Draft letters that your member answers"),
        "correspondence:letter:approve": _l("Write down letters, approve, send and close them"),
        "desk:desk:open": _l("Work at a desk that shows what waits for you"),
        "agendas:agenda:edit": _l("Propose, edit and publish agendas, run meetings from them"),
        "agendas:item:propose": _l("Propose items for agendas"),
        "agendas:action:close": _l("Say what became of what a meeting asked your member to do"),
        "plans:plan:import": _l("Import plan and record files"),
        "people:account:own": _l("Keep your own account"),
        "people:account:administer": _l("Administer accounts"),
        "audit:entry:read": _l("Read the audit trail"),
        "notices:outbox:tend": _l("Look after the outbox, reminders and webhooks"),
    },
    "LinkKind": {
        "invitation": _l("Invitation"),
        "reset": _l("New password"),
    },
    "SheetKind": {
        "deliverables": _l("Deliverables"),
        "assignments": _l("Assignments"),
        "updates": _l("Updates"),
        "contributions": _l("Contributions"),
    },
    "FeedPurpose": {
        "member": _l("What concerns one’s member"),
        "deadlines": _l("All deadlines"),
        "series": _l("One series of meetings"),
    },
}

# A word that comes without its enum: the first enum that has it decides.
_BY_WORD = {
    word: text for words in reversed(LABELS.values()) for word, text in reversed(words.items())
}


def label(word: StrEnum | str | None) -> str:
    """What the reader is shown for a word of an enum; nothing for none."""
    if word is None or word == "":
        return ""
    if isinstance(word, Marking):
        return word.label
    if isinstance(word, StrEnum):
        return str(LABELS[type(word).__name__][word.value])
    return str(_BY_WORD.get(word, word))


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Value and label of every word, for a select field."""
    return [(word.value, label(word)) for word in kind]


def unknown() -> str:
    """What stands where nothing is known; never a zero."""
    return _("Unknown")
