"""Calendars as ical.js reads them: the independent parser of Mozilla's calendar."""

import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

PARSER = Path(__file__).parents[1] / "node_modules" / "ical.js" / "dist" / "ical.es5.cjs"
SCRIPT = """
const ICAL = require(process.argv[1]);
const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const calendar = new ICAL.Component(ICAL.parse(given.text));
for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
const events = calendar.getAllSubcomponents('vevent').map(each => new ICAL.Event(each));
const instant = time => time.isDate ? time.toString() : time.toJSDate().toISOString();
const said = (event, start, end) => ({
  uid: event.uid, sequence: event.sequence, summary: event.summary,
  description: event.description || '', location: event.location || '',
  status: event.component.getFirstPropertyValue('status'),
  url: event.component.getFirstPropertyValue('url'),
  start: instant(start), end: instant(end),
});
const masters = events.filter(event => !event.isRecurrenceException());
const found = [];
for (const event of masters) {
  for (const other of events) {
    if (other.isRecurrenceException() && other.uid === event.uid) event.relateException(other);
  }
  if (!event.isRecurring()) { found.push(said(event, event.startDate, event.endDate)); continue; }
  const expansion = event.iterator();
  for (let next = expansion.next(), n = 0; next && n < given.most; next = expansion.next(), n++) {
    const details = event.getOccurrenceDetails(next);
    found.push(said(details.item, details.startDate, details.endDate));
  }
}
console.log(JSON.stringify(found));
"""


def events(body: bytes, most: int = 400) -> list[dict[str, Any]]:
    """Every event, a recurring one as its occurrences; instants in UTC, days as days."""
    node = shutil.which("node")
    if node is None or not PARSER.is_file():
        word = "ical.js is not installed: run 'npm ci'"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(word, pytrace=False)
        pytest.skip(word)
    given = json.dumps({"text": body.decode(), "most": most})
    done = subprocess.run(
        [node, "-e", SCRIPT, str(PARSER)],
        input=given.encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    read: list[dict[str, Any]] = json.loads(done.stdout)
    return read


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
