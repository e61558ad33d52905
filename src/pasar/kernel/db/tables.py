"""The base of all tables: names of constraints, types, and the columns that many share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, MetaData, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, mapped_column

# Names that do not depend on the database's own invention, so that migrations can refer to them.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of Pasar. Relationships are declared with `lazy="raise"`."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads this from the class
        str: Text,
        datetime: TIMESTAMP(timezone=True),
        UUID: Uuid,
        dict[str, Any]: JSONB,
        list[str]: ARRAY(Text),
    }


# The two leading columns of every tenant-owned table: (company_id, id) is its primary key.
CompanyKey = Annotated[UUID, mapped_column(primary_key=True)]
Key = Annotated[UUID, mapped_column(primary_key=True)]
Minor = Annotated[int, mapped_column(BigInteger)]
CreatedAt = Annotated[datetime, mapped_column(server_default=text("now()"))]
