"""The floor: a minimal Flask app that runs one good aggregate over the same rows."""

import os
import sqlite3

from flask import Flask, render_template_string

QUERY = """
SELECT d.title, count(*), sum(s.status = 'delivered')
FROM deliverable_states s JOIN deadlines d ON d.id = s.deadline_id
WHERE s.until_on = '9999-12-31' GROUP BY d.id ORDER BY d.id
"""
PAGE = """<!DOCTYPE html><title>Floor</title><table>{% for title, total, delivered in rows %}
<tr><td>{{ title }}<td>{{ delivered }}<td>{{ total }}{% endfor %}</table>"""

app = Flask(__name__)


@app.get("/")
def floor() -> str:
    connection = sqlite3.connect(os.environ["BENCH_FILE"])
    try:
        return render_template_string(PAGE, rows=connection.execute(QUERY).fetchall())
    finally:
        connection.close()


@app.get("/empty")
def empty() -> str:
    return ""
