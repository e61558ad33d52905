"""Invitations and API keys"""

revision = "0016_access"
down_revision = "0015_second_factor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
