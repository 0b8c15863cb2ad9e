"""`flask search`: the index."""

import click
from flask.cli import with_appcontext

from app.extensions import db
from app.search import indexing
from app.web.access import operator
from app.web.shell import Bar, json_option, plainly, say


@click.group("search", help="The index of everything that can be searched.")
def search() -> None:
    pass


@search.command(help="Make the index anew. Needed only after rows were written by hand.")
@json_option
@with_appcontext
@operator
@plainly
def rebuild(wants_json: bool) -> None:
    with db.aside() as session, Bar() as bar:
        count = indexing.rebuild(session, bar.show)
    say(f"{count} entries are in the index.", {"entries": count}, wants_json=wants_json)
