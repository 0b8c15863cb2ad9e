"""Runs the migrations on the connection that `app.core.migrating` hands over."""

from alembic import context

from app.core.migrating import compare_options
from app.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, **compare_options)
context.run_migrations()
