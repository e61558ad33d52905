"""The audit log"""

revision = "0017_audit"
down_revision = "0016_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
