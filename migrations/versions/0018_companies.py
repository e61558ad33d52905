"""Sites and address books"""

revision = "0018_companies"
down_revision = "0017_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
