"""Sign-in by OpenID Connect"""

revision = "0020_openid"
down_revision = "0019_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
