"""Runs the migrations on the connection that `app.core.migrating` hands over."""

from alembic import context
from app.models import Base
from app.core.migrating import compare_options

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, **compare_options)
context.run_migrations()
