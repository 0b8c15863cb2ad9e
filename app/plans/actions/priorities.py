"""Bringing in questions and priorities."""

from sqlalchemy import select

from app.plans.actions.report import Outcome
from app.plans.actions.run import Run, outcome
from app.plans.reading import values
from app.priorities.actions import priorities, questions
from app.priorities.actions.priorities import PriorityEntry
from app.priorities.actions.questions import QuestionEntry
from app.priorities.models import (
    Basis,
    Horizon,
    Priority,
    Question,
    QuestionState,
    QuestionStatus,
    Theme,
)


def bring_in_question(run: Run, said: values.Question) -> None:
    entry = QuestionEntry(
        title=said.title,
        theme=Theme(said.theme),
        recommendation=said.recommendation,
        note=said.note,
        source_id=run.source_id(said),
    )
    status, position = QuestionStatus(said.status), len(run.there.questions)
    since = said.exists_from
    question, happened = run.settle(
        "question",
        said.key,
        run.there.questions.get(said.key),
        entry,
        lambda: questions.add_question(
            run.session, run.actor, said.key, entry, status, position, since, run.now
        ),
        questions.describe_question,
    )
    run.there.questions[said.key] = question
    run.report.note("questions", said.key, happened)
    if happened is not Outcome.ADDED:
        run.report.note("questions", said.key, outcome(changed=_stand(run, question, said)))


def _stand(run: Run, question: Question, said: values.Question) -> bool:
    """The status, where the file gives another than the import gave the last time."""
    status = QuestionStatus(said.status)
    by_import = (
        QuestionState.question_id == question.id,
        run.by_import(QuestionState),
    )
    newest = select(QuestionState).where(*by_import).order_by(QuestionState.id.desc())
    last = run.session.scalars(newest).first()
    if last is not None and last.status is status:
        return False
    day, reason = max(said.exists_from, question.exists_from), run.reason(said)
    return questions.set_question_status(
        run.session, run.actor, question, status, reason, day, run.now
    )


def bring_in(run: Run, said: values.Priority) -> None:
    question = run.there.questions[said.question] if said.question else None
    entry = PriorityEntry(
        title=said.title,
        theme=Theme(said.theme),
        horizon=Horizon(said.horizon),
        basis=Basis(said.basis),
        question_id=question.id if question else None,
        note=said.note,
        source_id=run.source_id(said),
    )
    position, since = len(run.there.priorities), said.exists_from
    priority, happened = run.settle(
        "priority",
        said.key,
        run.there.priorities.get(said.key),
        entry,
        lambda: priorities.add_priority(
            run.session, run.actor, said.key, entry, position, since, run.now
        ),
        priorities.describe_priority,
    )
    run.there.priorities[said.key] = priority
    run.report.note("priorities", said.key, happened)
    run.report.note("priorities", said.key, outcome(changed=_draw_on(run, priority, said)))


def _draw_on(run: Run, priority: Priority, said: values.Priority) -> bool:
    wanted = sorted(said.functions)
    there = sorted(priorities.function_keys(run.session, priority))
    fields = {"functions": (there, wanted)}
    if not run.said.still_to_say("priority", priority.key, fields):
        return False
    functions = [run.there.functions[key] for key in said.functions]
    return priorities.draw_on(run.session, run.actor, priority, functions, run.now)
