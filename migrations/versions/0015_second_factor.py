"""Second factors"""

revision = "0015_second_factor"
down_revision = "0014_proofs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
