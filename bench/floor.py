"""The floor: a minimal Flask app that runs one good aggregate over the same rows.

On PostgreSQL each thread keeps its connection, as everybody does there.
"""

import os
import sqlite3
import threading
from contextlib import closing
from typing import Any

import psycopg
from flask import Flask, render_template_string, request

QUERY = """
SELECT d.title, count(*), count(CASE WHEN s.status = 'delivered' THEN 1 END)
FROM deliverable_states s JOIN deadlines d ON d.id = s.deadline_id
WHERE s.until_on = '9999-12-31' GROUP BY d.id ORDER BY d.id
"""
PAGE = """<!DOCTYPE html><title>Floor</title><table>{% for title, total, delivered in rows %}
<tr><td>{{ title }}<td>{{ delivered }}<td>{{ total }}{% endfor %}</table>"""

app = Flask(__name__)
_own = threading.local()


def rows() -> list[Any]:
    server = os.environ.get("BENCH_SERVER")
    if not server:
        with closing(sqlite3.connect(os.environ["BENCH_FILE"])) as connection:
            return connection.execute(QUERY).fetchall()
    if not hasattr(_own, "connection"):
        _own.connection = psycopg.connect(server, autocommit=True)
    found: list[Any] = _own.connection.execute(QUERY).fetchall()
    return found


@app.get("/")
def floor() -> str:
    return render_template_string(PAGE, rows=rows())


@app.post("/write")
def write() -> tuple[str, int]:
    """One row more and one changed, on the disk before the answer."""
    connection = sqlite3.connect(os.environ["BENCH_FILE"], isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS floor_rows (id INTEGER PRIMARY KEY, said TEXT)"
        )
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO floor_rows (said) VALUES (?)", (request.form["note"],))
        connection.execute("UPDATE floor_rows SET said = said || '.' WHERE id = 1")
        connection.execute("COMMIT")
    finally:
        connection.close()
    return "", 201


@app.get("/empty")
def empty() -> str:
    return ""
