"""Rules over the fields of one entry, which no single field can judge."""

from datetime import date

from app.core.days import Precision, last_day
from app.deliverables.rules.moves import ACTIVE
from app.meetings.rules.recurrence import BadRecurrence, RecurrenceFault, expected
from app.plans.reading.entries import Entry
from app.plans.reading.faults import N_, Phrase, Report, phrase, shown
from app.plans.reading.values import PartDate


def _fault(entry: Entry, report: Report, attribute: str, says: Phrase, hopes: Phrase) -> None:
    report.add(entry.file, entry.line_of(attribute), says, hopes)


def effective_day(entry: Entry, report: Report) -> None:
    """Of `date` and `precision` makes the day from which an entry counts."""
    _settle(entry, report, "effective_on")
    counts_from = entry.day("effective_on")
    precision = entry.values.get("precision")
    if (
        counts_from
        and precision == Precision.YEAR
        and (counts_from.month, counts_from.day)
        != (
            12,
            31,
        )
    ):
        says = phrase(
            N_("Only the year of this entry is known, but its date is %(day)s."), day=counts_from
        )
        hopes = phrase(N_("the last day of the year, %(last)s"), last=f"{counts_from.year}-12-31")
        _fault(entry, report, "effective_on", says, hopes)


def span_of_days(entry: Entry, report: Report) -> None:
    """Of a start as far as it is known, an end and `precision` makes days in their order."""
    _settle(entry, report, "starts_on")
    starts, ends = entry.day("starts_on"), entry.day("ends_on")
    if not starts or not ends:
        return
    if entry.values.get("precision", Precision.DAY) != Precision.DAY:
        says = phrase(N_("An end is given, but the start is known only to the month or year."))
        _fault(entry, report, "ends_on", says, phrase(N_("days for both, or no end")))
    elif ends < starts:
        says = phrase(
            N_("The end %(ends)s is before the start %(starts)s."), ends=ends, starts=starts
        )
        hopes = phrase(N_("a day on or after %(starts)s"), starts=starts)
        _fault(entry, report, "ends_on", says, hopes)


def _settle(entry: Entry, report: Report, attribute: str) -> None:
    written = entry.values.get(attribute)
    if not isinstance(written, PartDate):
        return
    entry.values[attribute] = written.day
    given = entry.values.get("precision")
    if written.precision != Precision.DAY and given not in (None, written.precision):
        says = phrase(
            N_("The date %(text)s gives a %(written)s, but the precision given is %(given)s."),
            text=written.text,
            written=written.precision,
            given=given,
        )
        hopes = phrase(N_("precision: %(written)s, or none"), written=written.precision)
        _fault(entry, report, "precision", says, hopes)
    entry.values["precision"] = given or written.precision


_WHY_NO_RULE = {
    RecurrenceFault.SUB_DAILY: phrase(N_("it meets more than once a day")),
    RecurrenceFault.NO_OCCURRENCE: phrase(N_("it never meets")),
    RecurrenceFault.TOO_MANY: phrase(N_("it meets too often")),
}


def series_can_meet(entry: Entry, report: Report) -> None:
    """Judged by the rules of meetings themselves, from the day on which the series starts."""
    recurrence, starts = entry.text("recurrence"), entry.day("starts_on")
    if recurrence is None or starts is None:
        return
    try:
        expected(recurrence, starts, entry.text("zone") or "UTC", until=starts)
    except BadRecurrence as error:
        says = phrase(
            N_("The recurrence “%(rule)s” is no rule by which a series can meet: %(why)s."),
            rule=shown(recurrence),
            why=_WHY_NO_RULE.get(error.reason, phrase(N_("it cannot be read"))),
        )
        hopes = phrase(N_("a rule of RFC 5545, such as FREQ=MONTHLY;INTERVAL=6"))
        _fault(entry, report, "recurrence", says, hopes)


def one_due_day(entry: Entry, report: Report) -> None:
    if entry.has("deadline") and entry.has("due_on"):
        says = phrase(N_("The deliverable has a deadline and a due date of its own."))
        _fault(entry, report, "due_on", says, phrase(N_("one of the two, or none")))


def health_is_for_active_work(entry: Entry, report: Report) -> None:
    status = entry.text("status")
    if status and entry.has("health") and status not in ACTIVE:
        says = phrase(N_("A health is given for work that is %(status)s."), status=status)
        _fault(entry, report, "health", says, phrase(N_("a health for active work only")))


def money_has_its_currency(entry: Entry, report: Report) -> None:
    is_money = entry.text("kind") == "money"
    if is_money and not (entry.has("amount") and entry.has("currency")):
        says = phrase(N_("The contribution is money, but the amount or its currency is missing."))
        _fault(entry, report, "kind", says, phrase(N_("both “amount” and “currency”")))
    if "kind" in entry.values and not is_money and entry.has("currency"):
        says = phrase(N_("The contribution is not money, but has a currency."))
        _fault(entry, report, "currency", says, phrase(N_("“unit” in place of “currency”")))


def engagement_is_about_something(entry: Entry, report: Report) -> None:
    if not any(entry.has(name) for name in ("about", "deliverable", "priority")):
        says = phrase(N_("The engagement does not say what it is about."))
        hopes = phrase(N_("at least one of: about, deliverable, priority"))
        _fault(entry, report, "relation", says, hopes)


def renaming_names_its_thing(entry: Entry, report: Report) -> None:
    what = entry.text("what")
    if what == "institute" and not entry.has("member"):
        says = phrase(N_("An institute is renamed, but not whose."))
        _fault(entry, report, "what", says, phrase(N_("a “member”")))
    if what == "network" and entry.has("member"):
        says = phrase(N_("The network is renamed, but a member is named."))
        _fault(entry, report, "member", says, phrase(N_("no “member”")))


def depends_on_each_once(entry: Entry, report: Report) -> None:
    for attribute in ("depends_on", "functions"):
        keys = entry.values.get(attribute)
        if isinstance(keys, tuple) and len(set(keys)) < len(keys):
            twice = ", ".join(sorted({str(key) for key in keys if keys.count(key) > 1}))
            says = phrase(
                N_("“%(field)s” names the same thing twice: %(twice)s."),
                field=attribute,
                twice=twice,
            )
            _fault(entry, report, attribute, says, phrase(N_("each key once")))


def used_on(entry: Entry) -> date | None:
    """The last day by which what the entry names must exist."""
    starts = entry.day("starts_on") if "exists_from" not in entry.values else None
    if starts is None:
        return entry.day("effective_on") or entry.day("exists_from")
    precision = entry.values.get("precision", Precision.DAY)
    return last_day(starts, entry.day("ends_on"), Precision(str(precision)))
