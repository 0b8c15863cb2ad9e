"""What can be read beside the real files: partly known days, lone records, odd files."""

import itertools
import os
import time
from datetime import date
from pathlib import Path

import pytest

from app.core.days import Precision
from app.plans.reading import Faults, Known, read
from tests.plans.small import PLAN, RECORD

KNOWN = Known(
    members={"NO", "KE"},
    priorities={"tests"},
    deliverables={"words", "tools"},
    meeting_series={"plenary"},
    depends_on={"tools": {"words"}},
)


def test_norway_is_a_country_and_not_a_denial(bundle_of):
    bundle = bundle_of(plan=PLAN)
    assert bundle.members[0].code == "NO"
    assert bundle.deadlines[0].host == "NO"


def test_words_that_older_yaml_takes_for_truth_values_are_text(bundle_of):
    bundle = bundle_of(plan=PLAN.replace("title: Platform", "title: on"))
    assert bundle.mechanisms[0].title == "on"


def test_an_entry_known_to_the_month_counts_from_its_last_day(bundle_of):
    bundle = bundle_of(plan=PLAN, record=RECORD)
    assert bundle.institutes[0].effective_on == date(2025, 11, 30)
    assert bundle.institutes[0].precision == Precision.MONTH


def test_an_entry_known_to_the_year_counts_from_its_last_day(bundle_of):
    record = RECORD.replace("date: 2025-12-31, precision: year", "date: 2025")
    bundle = bundle_of(plan=PLAN, record=record)
    assert bundle.renamed[0].effective_on == date(2025, 12, 31)
    assert bundle.renamed[0].precision == Precision.YEAR


def test_a_month_that_only_describes_is_its_first_day(bundle_of):
    bundle = bundle_of(plan=PLAN)
    assert bundle.sources[0].published.day == date(2024, 10, 1)
    assert bundle.sources[0].published.text == "2024-10"


def test_a_deadline_can_be_announced_for_a_year(bundle_of):
    plan = PLAN.replace("starts_on: 2024-11-20, ends_on: 2024-11-21, host", "starts_on: 2027, host")
    (deadline,) = bundle_of(plan=plan).deadlines
    assert (deadline.starts_on, deadline.precision) == (date(2027, 1, 1), Precision.YEAR)


def test_a_record_is_read_without_its_plan_when_the_plan_is_known(bundle_of):
    bundle = bundle_of(KNOWN, record=RECORD)
    assert bundle.plan is None
    assert bundle.network is None
    assert len(bundle.updates) == 2


def test_a_record_without_its_plan_asks_for_it(faults_of):
    faults = faults_of(record=RECORD)
    assert len(faults) > 5
    missing = next(fault for fault in faults if "“tests”" in fault.message)
    assert missing.expected.endswith("is the plan file missing?")


def test_a_known_thing_has_its_day_too(faults_of):
    known = Known(
        members={"NO", "KE"},
        priorities={"tests"},
        deliverables={"words", "tools"},
        meeting_series={"plenary"},
        exists_from={"deliverables": {"words": date(2024, 11, 21)}},
    )
    (fault,) = faults_of(known, record=RECORD)
    assert "“words” exists only from 2024-11-21" in fault.message


def test_a_circle_can_close_over_what_is_known(faults_of):
    known = Known(
        members=KNOWN.members,
        priorities=KNOWN.priorities,
        deliverables={"words", "tools"},
        meeting_series=KNOWN.meeting_series,
        depends_on={"tools": {"words"}, "words": {"trial"}},
    )
    (fault,) = faults_of(known, record=RECORD)
    assert "circle" in fault.message
    path = fault.message.removesuffix(".").rsplit(": ", 1)[1].split(" → ")
    steps = set(itertools.pairwise(path))
    assert steps == {("trial", "tools"), ("tools", "words"), ("words", "trial")}
    assert fault.line == RECORD.count("\n", 0, RECORD.index("key: trial")) + 1


def test_what_is_known_may_be_read_again(bundle_of):
    known = Known(members={"NO", "KE"}, deliverables={"words", "tools"}, sources={"paper"})
    assert len(bundle_of(known, plan=PLAN).deliverables) == 2


def test_a_plan_assignment_of_a_later_deliverable_counts_from_that_day(bundle_of):
    plan = PLAN.replace("deadline: meeting,", "deadline: meeting, from: 2024-11-05,")
    plan = plan.replace("depends_on: [words], ", "")
    (assignment,) = bundle_of(plan=plan).assignments
    assert assignment.effective_on == date(2024, 11, 5)


def test_a_section_whose_entries_are_commented_out_is_empty(bundle_of):
    record = "format: network-record\nversion: 1\nas_of: 2026-01-01\nupdates:\n  # - later\n"
    assert bundle_of(record=record).updates == ()


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(bundle_of):
    content = b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode()
    assert bundle_of(plan=content).members[0].line == bundle_of(plan=PLAN).members[0].line


def test_prose_may_run_over_lines(bundle_of):
    plan = PLAN.replace("why: it can", 'why: "it\\ncan"')
    assert bundle_of(plan=plan).assignments[0].why == "it\ncan"


def test_a_broken_plan_does_not_make_its_record_look_broken(faults_of):
    (fault,) = faults_of(plan=PLAN.replace("[words]", "[words"), record=RECORD)
    assert fault.file.endswith("plan.yaml")


def test_a_faulty_thing_is_still_there_for_those_that_name_it(faults_of):
    (fault,) = faults_of(plan=PLAN.replace("theme: goals, horizon", "theme: gaols, horizon"))
    assert "gaols" in fault.message


@pytest.mark.parametrize("make", ["missing", "folder", "pipe"])
def test_what_is_no_file_is_a_fault_at_once(make, tmp_path):
    path = tmp_path / "plan.yaml"
    if make == "folder":
        path.mkdir()
    if make == "pipe":
        os.mkfifo(path)
    with pytest.raises(Faults) as raised:
        read([path])
    (fault,) = raised.value.faults
    assert (fault.file, fault.line) == (str(path), None)


def test_a_file_given_twice_is_a_fault(write):
    (path,) = write(plan=PLAN)
    with pytest.raises(Faults) as raised:
        read([path, path])
    assert [fault.message for fault in raised.value.faults] == ["The file is given twice."]


def test_a_file_of_100_mb_answers_within_a_second(tmp_path):
    path = tmp_path / "plan.yaml"
    with path.open("wb") as opened:
        opened.truncate(100_000_000)
    started = time.perf_counter()
    with pytest.raises(Faults) as raised:
        read([path])
    assert time.perf_counter() - started < 1
    assert raised.value.faults[0].message == "The file is too large: 100,000,000 bytes."


def test_binary_noise_is_a_fault(faults_of):
    (fault,) = faults_of(plan=bytes(range(256)) * 1000)
    assert "not UTF-8" in fault.message


def test_control_characters_are_reported_for_at_most_twenty_lines(faults_of):
    faults = faults_of(plan="title: \x07\n" * 1000)
    assert [fault.line for fault in faults] == list(range(1, 21))


def test_an_alias_bomb_unfolds_nothing(faults_of):
    bomb = "a: &a [x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
    )
    started = time.perf_counter()
    faults = faults_of(plan=f"format: network-plan\nversion: 1\n{bomb}")
    assert time.perf_counter() - started < 2
    assert sum("stands for a part elsewhere" in fault.message for fault in faults) == 180


def test_a_deep_file_is_a_fault(faults_of):
    (fault,) = faults_of(plan="format: network-plan\nversion: 1\nx: " + "[" * 100_000)
    assert fault.message == "The file is nested more than 20 deep here."
    assert fault.line == 3


def test_a_file_of_faults_is_given_up(faults_of):
    faults = faults_of(plan="format: network-plan\nversion: 1\nmembers:\n" + "- {a: 1}\n" * 5000)
    assert len(faults) == 1001
    assert faults[-1].message.startswith("The file has more than 1000 faults")


def test_five_thousand_deliverables_with_twenty_updates_are_read(write):
    things = "".join(
        f"  - {{key: thing-{n}, title: Thing, kind: tool, priority: tests, basis: stated}}\n"
        for n in range(5000)
    )
    plan = PLAN.replace("deliverables:\n", f"deliverables:\n{things}", 1)
    updates = "".join(
        f"  - {{date: 2025-01-{day:02d}, deliverable: thing-{n}, status: in_progress, "
        f'note: "What was done in this step, said in a sentence or two.", source: news}}\n'
        for n in range(5000)
        for day in range(1, 21)
    )
    record = RECORD.replace("updates:\n", f"updates:\n{updates}", 1)
    paths: list[Path] = write(plan=plan, record=record)
    bundle = read(paths)
    assert len(bundle.updates) == 100_002
