"""Since when a site's host is the one that it is, where staff gave it"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0021_hosts"
down_revision = "0020_openid"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), SQL)


# Without a default: the hosts that are there, and those that a company is opened with, are settled.
SQL = """
ALTER TABLE sites ADD COLUMN host_since TIMESTAMP WITH TIME ZONE;
"""
