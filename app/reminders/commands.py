"""`flask remind` and `flask worker`: who sends."""

import json
import signal
from datetime import datetime, timedelta
from threading import Event
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from app.core import clock
from app.notices.setup import mail_setup
from app.reminders.calls import hand_on, newest, send_calls
from app.reminders.rounds import Clock, Done, never
from app.reminders.working import clear_old, is_news, queue_due, send_mails
from app.web.access import operator

LOOK_EVERY = timedelta(minutes=15)
"""How often the worker looks who is to be told what, where nothing happened."""


@click.command("remind")
@click.option("--json", "wants_json", is_flag=True, help="Answer as JSON.")
@with_appcontext
@operator
def remind(wants_json: bool) -> None:
    """Queue what is due to be told, then send all that is due: for cron. Once more tells nobody
    twice; a run that was missed is made up for. Exit status 1 where something was not taken."""
    done, now = Done(), _clock()
    last = newest()
    queue_due(now(), done, never)
    hand_on(last, now(), done)
    send_mails(now, done, never)
    send_calls(now, done, never)
    clear_old(now(), never)
    if wants_json:
        click.echo(json.dumps(done.as_dict))
    else:
        _say(done)
    if done.errors:
        raise SystemExit(1)


@click.command("worker")
@click.option("--poll", default=5.0, show_default=True, help="Seconds between two looks.")
@click.option("--once", is_flag=True, help="One round, then end.")
@with_appcontext
@operator
def worker(poll: float, once: bool) -> None:
    """Send for as long as it runs: what happened, as soon as it is committed, and what falls due.
    Several may run at once. SIGTERM and SIGINT end it after the mail at hand."""
    stop, now = Event(), _clock()
    _stop_gracefully(stop)
    if mail_setup(current_app.config) is None:
        click.echo("Mail is not set up (MAIL_URL, MAIL_FROM, PUBLIC_URL): none is sent.", err=True)
    looked_at: datetime | None = None
    while not stop.is_set():
        try:
            looked_at = _round(now, looked_at, stop)
        except OperationalError as error:
            # Busy, or away for a while: what was claimed lapses, the rest waits.
            click.echo(f"The database does not answer: {error.orig}", err=True)
        if once or stop.wait(poll):
            return


def _round(now: Clock, looked_at: datetime | None, stop: Event) -> datetime | None:
    done, instant, last = Done(), now(), newest()
    # What waits goes first: looking at every reader takes its time.
    _send(now, done, stop)
    if looked_at is None or instant - looked_at >= LOOK_EVERY or is_news(instant):
        queue_due(instant, done, stop.is_set)
        clear_old(instant, stop.is_set)
        looked_at = instant
    if not stop.is_set():
        # What came while the readers were looked at is left to the next round, and so is all of
        # it where this one dies.
        hand_on(last, instant, done)
    _send(now, done, stop)
    for error in done.errors:
        click.echo(f"Not taken: {error}", err=True)
    return looked_at


def _send(now: Clock, done: Done, stop: Event) -> None:
    send_mails(now, done, stop.is_set)
    send_calls(now, done, stop.is_set)


def _stop_gracefully(stop: Event) -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def _clock() -> Clock:
    chosen: Clock = current_app.config.get("NOW", clock.now)
    return chosen


def _say(done: Done) -> None:
    if mail_setup(current_app.config) is None:
        click.echo("Mail is not set up (MAIL_URL, MAIL_FROM, PUBLIC_URL): none is sent.")
        return
    click.echo(
        f"{done.queued} new, {done.sent} sent, {done.dropped} no longer so, "
        f"{done.failed} to try again, {done.given_up} given up."
    )
    for error in done.errors:
        click.echo(f"Not taken: {error}", err=True)
