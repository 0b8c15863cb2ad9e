"""Every feature's commands, in one list. A new feature adds its line here."""

import click

from app.agendas.commands import agenda
from app.audit.commands import audit
from app.deadlines.commands import deadline
from app.decisions.commands import decisions
from app.deliverables.commands import deliverable, status
from app.demo.commands import demo
from app.doctor.commands import doctor
from app.meetings.commands import meeting
from app.operations.commands import backup, copy_database, restore
from app.people.commands import user
from app.people.token_commands import token
from app.plans.commands import assignment, contribution, member, plan
from app.reminders.commands import remind, worker
from app.reviews.commands import review
from app.search.commands import search
from app.web.commands import database, in_sentences

# Moving between databases knows what the index of words is, and so stands above this group.
database.add_command(copy_database)

COMMANDS: tuple[click.Command, ...] = (
    agenda,
    assignment,
    audit,
    backup,
    contribution,
    database,
    deadline,
    decisions,
    deliverable,
    demo,
    doctor,
    meeting,
    member,
    plan,
    remind,
    review,
    restore,
    search,
    status,
    token,
    user,
    worker,
)
for command in COMMANDS:
    in_sentences(command)
