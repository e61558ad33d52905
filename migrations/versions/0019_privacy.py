"""Consents, erasures"""

revision = "0019_privacy"
down_revision = "0018_companies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
