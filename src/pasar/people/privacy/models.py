"""Keys of persons, exports, erasures and consents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.crypto import register_sealed_column
from pasar.kernel.db.tables import Base, CompanyKey, CreatedAt, Key

PERSON_KEY_PURPOSE = "person-key"
WAITING_PURPOSE = "erasure-waiting"


class PersonKey(Base):
    """The key of a person's own sealed values, itself sealed. Erasing the person deletes it."""

    __tablename__ = "person_keys"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[CreatedAt]


register_sealed_column(
    "person_keys", ("user_id",), "wrapped", purpose=PERSON_KEY_PURPOSE, context=("user_id",)
)


class PersonalExport(Base):
    """Somebody's data as a file, made by a job. `done` of `total` parts are gathered.

    It is a person's own (`user_id`), or a guest customer's, which the company's staff asked for.
    """

    __tablename__ = "personal_exports"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'ready', 'failed')", "state"),
        CheckConstraint("(state = 'ready') = (file_key IS NOT NULL)", "file"),
        CheckConstraint("(company_id IS NULL) = (customer_id IS NULL)", "customer"),
        CheckConstraint("(user_id IS NULL) <> (customer_id IS NULL)", "subject"),
        # Nobody has two under way: a second request is the first.
        Index(
            "uq_personal_exports_user",
            "user_id",
            unique=True,
            postgresql_where=text("state = 'queued' AND user_id IS NOT NULL"),
        ),
        Index(
            "uq_personal_exports_customer",
            "company_id",
            "customer_id",
            unique=True,
            postgresql_where=text("state = 'queued' AND customer_id IS NOT NULL"),
        ),
        Index("ix_personal_exports_user_id", "user_id", "created_at"),
        Index("ix_personal_exports_expires_at", "expires_at"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID | None]
    company_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default=text("'queued'"))
    done: Mapped[int] = mapped_column(server_default=text("0"))
    total: Mapped[int]
    file_key: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Erasure(Base):
    """Somebody was erased: ids only, which then lead nowhere. `finished_at` waits for orders under way, and
    in any case for a second look at what calls wrote that were under way.

    `companies` and `customers`, side by side, are all customer records that were theirs. `waiting` are the
    sealed addresses by which orders under way are found, until those are over; none without such orders.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (customer_id IS NULL)", "subject"),
        CheckConstraint("(company_id IS NULL) = (customer_id IS NULL)", "customer"),
        CheckConstraint("(waiting IS NULL) = (finished_at IS NOT NULL)", "waiting"),
        Index("uq_erasures_user_id", "user_id", unique=True, postgresql_where=text("user_id IS NOT NULL")),
        Index(
            "uq_erasures_customer",
            "company_id",
            "customer_id",
            unique=True,
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index("ix_erasures_unfinished", "at", postgresql_where=text("finished_at IS NULL")),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID | None]
    company_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    companies: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    customers: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    waiting: Mapped[bytes | None]
    at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


register_sealed_column("erasures", ("id",), "waiting", purpose=WAITING_PURPOSE, context=("id",))


class Consent(Base):
    """A person said yes or no to one purpose of one company. Only ever added: the latest counts.

    `wording` is the version of the words that were shown, `address` where the answer came from.
    """

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_latest", "company_id", "user_id", "purpose", "id"),)

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str]
    wording: Mapped[int]
    given: Mapped[bool]
    at: Mapped[datetime]
    address: Mapped[str] = mapped_column(server_default=text("''"))
