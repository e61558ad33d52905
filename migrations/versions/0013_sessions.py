"""What ending a sign-in tells the world"""

revision = "0013_sessions"
down_revision = "0012_crypto"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
