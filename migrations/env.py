"""Alembic's environment: always called by `pasar.kernel.db.migrating`, with a connection."""

from alembic import context

from pasar.kernel.db.tables import Base
from pasar.roles import registry  # noqa: F401  imports every module's tables

config = context.config
connection = config.attributes["connection"]
told = config.attributes.get("told")
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_server_default=False,
    on_version_apply=(lambda *, step, **_: told(step.up_revision_id)) if told else None,
)
with context.begin_transaction():
    context.run_migrations()
