"""Databases for processes of their own."""

import pytest
from databases import PostgresSchema
from sqlalchemy import make_url


@pytest.fixture
def postgres_url_(postgres_schema: PostgresSchema) -> str:
    """PostgreSQL alone, with connections that can be told from those of others."""
    fresh = make_url(postgres_schema.fresh())
    named = fresh.update_query_dict({"application_name": postgres_schema.name})
    return named.render_as_string(hide_password=False)
