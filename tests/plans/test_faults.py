# ruff: noqa: E501 - a case reads best unbroken
"""Each kind of fault: one change to the small files, one fault, on the line of the change."""

import pytest

from tests.plans.small import PLAN, RECORD

# Where, what is changed, into what, the message, a part of what was expected.
CASES = {
    "unknown field": (
        "plan", "zone: Europe/Oslo", "zone: Europe/Oslo\n    jioned_on: 2024-05-21",
        "A member has no field “jioned_on”.", "perhaps “joined_on”",
    ),
    "unknown section": (
        "record", "meetings:", "meetngs:", "A record file has no field “meetngs”.", "perhaps “meetings”",
    ),
    "unknown field in a part": (
        "plan", "usd_per_year: 1000", "usd_a_year: 1000", "A funding has no field “usd_a_year”.",
        "perhaps “usd_per_year”",
    ),
    "missing field": (
        "plan", "role: lead, ", "", "The assignment lacks “role”.", "a value for “role”",
    ),
    "field twice": (
        "plan", "{key: platform, title: Platform}", "{key: platform, title: A, title: B}",
        "“title” stands twice in the same entry, first on line {line}.", "each field once",
    ),
    "number for text": (
        "plan", "title: Platform", "title: 42", "“title” is the number 42.", "in quotes",
    ),
    "truth value for text": (
        "plan", "title: Platform", "title: true", "“title” is the truth value true.", "text",
    ),
    "nothing for text": (
        "plan", "title: Platform", "title: ", "“title” is empty.", "a value",
    ),
    "blank text": (
        "plan", "title: Platform", 'title: "  "', "“title” is empty.", "text",
    ),
    "list for text": (
        "plan", "title: Platform", "title: [a, b]", "“title” is a list or has fields.", "single value",
    ),
    "text for a list": (
        "plan", "depends_on: [words]", "depends_on: words", "“depends_on” is no list.", "a list",
    ),
    "text for an entry": (
        "plan", "{key: platform, title: Platform}", "platform", "This is no mechanism.", "fields",
    ),
    "text for a number": (
        "record", "amount: 12.5", 'amount: "12.5"', "“amount” is “12.5”, which is no number.",
        "without quotes",
    ),
    "word for a number": (
        "record", "amount: 12.5", "amount: much", "“amount” is “much”, which is no number.", "a number",
    ),
    "negative amount": (
        "record", "amount: 12.5", "amount: -1", "“amount” is -1, which is negative.", "0 or more",
    ),
    "negative funding": (
        "plan", "usd_per_year: 1000", "usd_per_year: -1000",
        "“usd_per_year” is -1000, which is negative.", "0 or more",
    ),
    "huge amount": (
        "record", "amount: 12.5", "amount: 99999999999999", "“amount” is 99999999999999, which is too large.",
        "number",
    ),
    "not a number": (
        "record", "amount: 12.5", "amount: .nan", "“amount” is “.nan”, which is no number.", "a number",
    ),
    "progress out of range": (
        "record", "progress: 10", "progress: 101", "“progress” is “101”, which does not fit.",
        "from 0 to 100",
    ),
    "yes for true": (
        "plan", "public: true", "public: yes", "“public” is “yes”, which is neither true nor false.",
        "true or false",
    ),
    "quoted true": (
        "plan", "public: true", 'public: "true"', "“public” is “true”, which is neither true nor false.",
        "without quotes",
    ),
    "truth value for a day": (
        "plan", "joined_on: 2024-05-21", "joined_on: true",
        "“joined_on” is “true”, which is no date of the calendar.", "YYYY-MM-DD",
    ),
    "impossible day": (
        "plan", "joined_on: 2024-05-21", "joined_on: 2024-02-30",
        "“joined_on” is “2024-02-30”, which is no date of the calendar.", "YYYY-MM-DD",
    ),
    "impossible month": (
        "plan", "published: 2024-10", "published: 2024-13",
        "“published” is “2024-13”, which is no date of the calendar.", "YYYY-MM",
    ),
    "month where a day is needed": (
        "plan", "joined_on: 2024-05-21", "joined_on: 2024-05",
        "“joined_on” is “2024-05”, which is no date of the calendar.", "YYYY-MM-DD",
    ),
    "end before start": (
        "plan", "ends_on: 2024-11-21", "ends_on: 2024-11-19",
        "The end 2024-11-19 is before the start 2024-11-20.", "on or after 2024-11-20",
    ),
    "end before start in the timeline": (
        "plan", "until: 2023-11-02", "until: 2023-10-02",
        "The end 2023-10-02 is before the start 2023-11-01.", "on or after",
    ),
    "end with a month": (
        "plan", "ends_on: 2024-11-21", "ends_on: 2024-11-21, precision: month",
        "An end is given, but the start is known only to the month or year.", "no end",
    ),
    "year whose day is not its last": (
        "record", "date: 2025-12-31", "date: 2025-12-30",
        "Only the year of this entry is known, but its date is 2025-12-30.", "2025-12-31",
    ),
    "date and precision that disagree": (
        "record", "date: 2025-12-31", "date: 2025-12",
        "The date 2025-12 gives a month, but the precision given is year.", "month",
    ),
    "unknown word": (
        "plan", "kind: convening", "kind: convenig", "“kind” is “convenig”, which is not a word for it.",
        "perhaps “convening”; allowed are: convening, summit, external, internal",
    ),
    "unknown role": (
        "plan", "role: lead", "role: boss", "“role” is “boss”, which is not a word for it.",
        "one of: lead, contributor, reviewer",
    ),
    "unknown state": (
        "record", "state: accepted", "state: agreed", "“state” is “agreed”, which is not a word for it.",
        "proposed, accepted, declined, ended",
    ),
    "unknown status": (
        "record", "status: delivered", "status: finished",
        "“status” is “finished”, which is not a word for it.", "not_started, in_progress, in_review",
    ),
    "malformed key": (
        "plan", "key: platform", "key: Plat_form", "“key” is “Plat_form”, which is no key.", "hyphens",
    ),
    "key that is there already": (
        "plan", "  - {key: platform, title: Platform}",
        "  - {key: platform, title: Platform}\n  - {key: platform, title: Again}",
        "The mechanism “platform” is there already: {file}, line {line_before}.",
        "told apart by: key",
    ),
    "same function of a member twice": (
        "plan", "  - {member: NO, function: research, level: stated}",
        "  - {member: NO, function: research, level: stated}\n"
        "  - {member: NO, function: research, level: none}",
        "The member's function “NO, research” is there already: {file}, line {line_before}.",
        "member, function",
    ),
    "same assignment twice on a day": (
        "record", "  - {date: 2024-11-20, deliverable: trial, member: KE, role: contributor, state: accepted, source: news}",
        "  - {date: 2024-11-20, deliverable: trial, member: KE, role: contributor, state: accepted, source: news}\n"
        "  - {date: 2024-11-20, deliverable: trial, member: KE, role: lead, state: accepted, source: news}",
        "The assignment “trial, KE, 2024-11-20” is there already: {file}, line {line_before}.",
        "deliverable, member, date",
    ),
    "dangling priority": (
        "plan", "deadline: meeting", "deadline: meetings",
        "“deadline” names the deadline “meetings”, which is nowhere to be found.", "perhaps “meeting”",
    ),
    "dangling source": (
        "record", "title: Chair, source: news", "title: Chair, source: gossip",
        "“source” names the source “gossip”, which is nowhere to be found.", "a source of these files",
    ),
    "dangling dependency": (
        "record", "depends_on: [tools]", "depends_on: [tolls]",
        "“depends_on” names the deliverable “tolls”, which is nowhere to be found.", "perhaps “tools”",
    ),
    "country that is no member": (
        "record", "member: NO, title: Chair", "member: SE, title: Chair",
        "“member” names the member “SE”, which is nowhere to be found.", "a member of these files",
    ),
    "unknown code": (
        "record", "member: NO, title: Chair", "member: UK, title: Chair",
        "“member” is “UK”, which is no code of a country.", "ISO 3166",
    ),
    "unknown zone": (
        "plan", "zone: Europe/Oslo", "zone: Europe/Osl", "“zone” is “Europe/Osl”, which is no time zone.",
        "perhaps “Europe/Oslo”",
    ),
    "zone that is a path": (
        "plan", "zone: Europe/Oslo", "zone: ../../etc/passwd",
        "“zone” is “../../etc/passwd”, which is no time zone.", "IANA",
    ),
    "dependency on itself": (
        "plan", "depends_on: [words]", "depends_on: [tools]",
        "These deliverables depend on each other in a circle: tools → tools.", "waits for itself",
    ),
    "recurrence that is none": (
        "plan", "FREQ=MONTHLY;INTERVAL=6", "every six months",
        "The recurrence “every six months” is no rule by which a series can meet: it cannot be read.",
        "RFC 5545",
    ),
    "recurrence without end in itself": (
        "plan", "FREQ=MONTHLY;INTERVAL=6", "FREQ=MONTHLY;INTERVAL=0",
        "The recurrence “FREQ=MONTHLY;INTERVAL=0” is no rule by which a series can meet: it cannot be read.",
        "RFC 5545",
    ),
    "recurrence within a day": (
        "plan", "FREQ=MONTHLY;INTERVAL=6", "FREQ=HOURLY",
        "The recurrence “FREQ=HOURLY” is no rule by which a series can meet: it meets more than once a day.",
        "RFC 5545",
    ),
    "address that is a script": (
        "record", '"https://news.example/1"', '"javascript:alert(1)"',
        "“url” is “javascript:alert(1)”, which is no web address.", "https://",
    ),
    "address without a host": (
        "record", '"https://news.example/1"', '"https://"', "“url” is “https://”, which is no web address.",
        "https://",
    ),
    "address that cannot be taken apart": (
        "record", '"https://news.example/1"', '"http://[1"',
        "“url” is “http://[1”, which is no web address.", "https://",
    ),
    "control character in text": (
        "plan", "title: Platform", 'title: "Plat\\u0007form"',
        "“title” holds a line break or control character (U+0007).", "without line breaks",
    ),
    "line break in a title": (
        "plan", "title: Platform", 'title: "Plat\\nform"',
        "“title” holds a line break or control character (U+000A).", "without line breaks",
    ),
    "text that is too long": (
        "plan", "title: Platform", f"title: {'x' * 301}", "“title” is 301 characters long.", "at most 300",
    ),
    "unknown currency": (
        "record", "currency: NOK", "currency: NKR", "“currency” is “NKR”, which is no currency.", "ISO 4217",
    ),
    "money without currency": (
        "record", ", currency: NOK", "", "The contribution is money, but the amount or its currency is missing.",
        "currency",
    ),
    "currency without money": (
        "record", "kind: money", "kind: compute", "The contribution is not money, but has a currency.", "unit",
    ),
    "health of finished work": (
        "record", "status: delivered", "status: delivered, health: on_track",
        "A health is given for work that is delivered.", "active work only",
    ),
    "deadline and due date": (
        "plan", "deadline: meeting", "deadline: meeting, due_on: 2025-01-01",
        "The deliverable has a deadline and a due date of its own.", "one of the two",
    ),
    "engagement about nothing": (
        "plan", "candidate partner, deliverable: tools", "candidate partner",
        "The engagement does not say what it is about.", "deliverable",
    ),
    "renaming of nobody's institute": (
        "record", "what: institute, member: NO", "what: institute",
        "An institute is renamed, but not whose.", "member",
    ),
    "renaming of a member's network": (
        "record", "what: institute, member: NO", "what: network, member: NO",
        "The network is renamed, but a member is named.", "no “member”",
    ),
    "dependency named twice": (
        "plan", "depends_on: [words]", "depends_on: [words, words]",
        "“depends_on” names the same thing twice: words.", "each key once",
    ),
    "update before the deliverable exists": (
        "record", "date: 2024-11-22", "date: 2024-11-19",
        "This counts from 2024-11-19, but the deliverable “trial” exists only from 2024-11-20.",
        "on or after 2024-11-20",
    ),
    "member named before it joined": (
        "plan", "member: NO, function: research", "member: KE, function: research",
        "This counts from 2024-10-30, but the member “KE” exists only from 2024-11-05.",
        "on or after 2024-11-05",
    ),
    "meeting before its series exists": (
        "record", "starts_on: 2024-11-20, ends_on: 2024-11-21", "starts_on: 2024-01-20, ends_on: 2024-01-21",
        "This counts from 2024-01-21, but the meeting series “plenary” exists only from 2024-10-30.",
        "on or after 2024-10-30",
    ),
    "alias": (
        "plan", "title: Platform", "title: *other", "“*other” stands for a part elsewhere in the file.",
        "aliases are not allowed",
    ),
    "tag": (
        "plan", "title: Platform", "title: !!python/object/apply:os.system [ls]",
        "The value has the YAML tag “tag:yaml.org,2002:python/object/apply:os.system”.", "without a tag",
    ),
    "mapping as a field name": (
        "plan", "{key: platform, title: Platform}", "{key: platform, title: Platform, {a: b}: c}",
        "The name of a field is a list or a mapping here.", "a field name",
    ),
    "unknown format": (
        "plan", "format: network-plan", "format: network-plans",
        "The file's format is “network-plans”.", "perhaps “network-plan”",
    ),
    "unknown version": (
        "record", "version: 1", "version: 2", "The version of the format is “2”.", "version: 1",
    ),
    "version as text": (
        "record", "version: 1", 'version: "1"', "The version of the format is “1”.", "version: 1",
    ),
    "broken syntax": (
        "plan", "title: Platform}", "title: Platform]",
        "The file is not valid YAML here: did not find expected ',' or '}'.", "well-formed YAML",
    ),
    "second document": (
        "plan", "mechanisms:", "---\nmechanisms:", "A second YAML document begins here.", "one document",
    ),
    "raw control character": (
        "record", "title: Chair", "title: Ch\x00air",
        "The file holds a control character (U+0000), which text cannot hold.", "UTF-8",
    ),
    "null byte in a comment": (
        "record", "leadership:", "leadership: # \x1b[31m",
        "The file holds a control character (U+001B), which text cannot hold.", "UTF-8",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_with_its_file_its_line_and_what_was_expected(case, faults_of):
    name, old, new, message, expected = CASES[case]
    files = {"plan": PLAN, "record": RECORD}
    assert old in files[name]
    start = files[name].index(old)
    files[name] = files[name].replace(old, new, 1)
    # The change is on the last line of what was put in.
    line = files[name].count("\n", 0, start) + 1 + new.rstrip("\n").count("\n")
    if new.startswith("---"):
        line -= 1
    faults = faults_of(**files)
    assert len(faults) == 1, [str(fault.says) for fault in faults]
    (fault,) = faults
    message = message.replace("{file}", fault.file).replace("{line_before}", str(line - 1))
    assert fault.message == message.replace("{line}", str(line))
    assert expected in fault.expected
    assert fault.file.endswith(f"{name}.yaml")
    assert fault.line == line


def test_a_missing_format_is_a_fault(faults_of):
    (fault,) = faults_of(plan=PLAN.replace("format: network-plan\n", ""))
    assert fault.message == "The file does not say which format it has."
    assert "network-plan, network-record" in fault.expected


def test_a_missing_version_is_a_fault(faults_of):
    (fault,) = faults_of(plan=PLAN.replace("version: 1\n", ""))
    assert fault.message == "The file does not say which version of the format it has."


@pytest.mark.parametrize("content", ["- a\n- b\n", "just words\n", "[]"])
def test_a_file_that_is_no_mapping_is_a_fault(content, faults_of):
    (fault,) = faults_of(plan=content)
    assert fault.message == "The file is not made of fields with values."
    assert fault.line == 1


@pytest.mark.parametrize("content", ["", "# only a comment\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_a_fault(content, faults_of):
    (fault,) = faults_of(plan=content)
    assert fault.message == "The file is empty."


def test_what_is_not_utf_8_is_a_fault_on_its_line(faults_of):
    (fault,) = faults_of(plan=PLAN.encode().replace(b"title: Platform", b"title: Plat\xe9"))
    assert fault.message == "The file is not UTF-8 text: the byte 0xe9 does not belong there."
    assert fault.line == PLAN.count("\n", 0, PLAN.index("title: Platform")) + 1


def test_a_circle_over_plan_and_record_shows_its_path(faults_of):
    plan = PLAN.replace("depends_on: [words]", "depends_on: [trial], from: 2024-11-20")
    (fault,) = [each for each in faults_of(plan=plan, record=RECORD) if "circle" in each.message]
    assert "tools → trial → tools" in fault.message or "trial → tools → trial" in fault.message


def test_every_fault_of_every_file_is_in_one_report(faults_of):
    plan = PLAN.replace("theme: goals, horizon: near", "theme: gaols, horizon: nearby")
    plan = plan.replace("deadline: meeting", "deadline: nowhere")
    record = RECORD.replace("amount: 12.5", "amount: -3").replace("status: held", "status: done")
    faults = faults_of(record=record, plan=plan)
    told = [(fault.file.rsplit("/", 1)[1], fault.message.split("”")[0]) for fault in faults]
    assert told == [
        ("record.yaml", "“amount"),
        ("record.yaml", "“status"),
        ("plan.yaml", "“theme"),
        ("plan.yaml", "“horizon"),
        ("plan.yaml", "“deadline"),
    ]


def test_a_key_is_unique_over_all_files(faults_of):
    (fault,) = faults_of(
        plan=PLAN,
        record=RECORD.replace("{key: news", "{key: paper").replace("source: news", "source: paper"),
    )
    assert "The source “paper” is there already" in fault.message
    assert "plan.yaml, line 5" in fault.message
    assert fault.file.endswith("record.yaml")


def test_a_second_plan_is_a_fault(faults_of):
    faults = faults_of(plan=PLAN, other=PLAN)
    assert any(fault.message.startswith("This is a second plan") for fault in faults)


def test_sentences_can_be_translated_with_their_parameters(faults_of):
    (fault,) = faults_of(plan=PLAN.replace("role: lead, ", ""), record=RECORD)
    words = {
        "The %(kind)s lacks “%(field)s”.": "%(kind)s ohne „%(field)s“.",
        "assignment": "Zuweisung",
    }
    assert fault.says.worded(lambda text: words.get(text, text)) == "Zuweisung ohne „role“."


def test_the_files_that_the_cases_change_have_no_fault(bundle_of):
    bundle = bundle_of(plan=PLAN, record=RECORD)
    assert [member.code for member in bundle.members] == ["NO", "KE"]
