"""Proofs of e-mail addresses and phone numbers"""

revision = "0014_proofs"
down_revision = "0013_sessions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
