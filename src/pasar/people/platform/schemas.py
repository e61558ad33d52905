"""What travels about companies of the installation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from pasar.kernel.http.schema import Input, Output

Name = Annotated[str, Meta(min_length=1, max_length=120)]


class OpenCompanyBody(Input):
    """A company to open. `handle` is its name in addresses; the first of `currencies` is the site's own.

    `timeZone` is an IANA name; `owner` the e-mail of whoever is invited to run it.
    """

    name: Name
    handle: Annotated[str, Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")]
    owner: Annotated[str, Meta(max_length=320)]
    currencies: Annotated[
        list[Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]], Meta(min_length=1, max_length=30)
    ]
    host: Annotated[str, Meta(max_length=253)] | None = None
    locale: Annotated[str, Meta(max_length=10)] = "en"
    time_zone: Annotated[str, Meta(min_length=1, max_length=60)] = "UTC"


class CompanyOfInstallation(Output):
    """A company as the installation knows it."""

    id: UUID
    name: str
    handle: str
    time_zone: str
    is_platform: bool
    hosts: list[str]
    created_at: datetime


class OpenedCompanyAnswer(Output):
    """A company that was opened; its owner has been sent the invitation."""

    id: UUID
    site_id: UUID
    invitation_id: UUID
