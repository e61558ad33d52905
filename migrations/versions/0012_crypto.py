"""Keys that rotate"""

revision = "0012_crypto"
down_revision = "0011_people_grow"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
