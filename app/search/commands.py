"""`flask search`: the index."""

import click
from flask.cli import with_appcontext

from app.extensions import db
from app.search import indexing
from app.web.access import operator


@click.group("search", help="The index of everything that can be searched.")
def search() -> None:
    pass


@search.command(help="Make the index anew. Needed only after rows were written by hand.")
@with_appcontext
@operator
def rebuild() -> None:
    with db.aside() as session:
        count = indexing.rebuild(session)
    click.echo(f"{count} entries are in the index.")
