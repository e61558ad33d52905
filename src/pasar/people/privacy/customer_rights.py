"""What a customer without account asks of a shop, over the API or the back office: done, and noted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import Conflict, NotFound
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.audit.public import audit_event
from pasar.people.privacy.actions.erase_person import erase_guest
from pasar.people.privacy.actions.start_export import start_export
from pasar.people.privacy.exports import ExportState, customer_export, file_of, latest_customer_export
from pasar.people.privacy.personal_data import finder


@dataclass(frozen=True, slots=True)
class CustomerRights:
    """What can be done for a customer: nothing for one with an account, who does it alone, or one erased."""

    has_account: bool
    erased: bool
    export: ExportState | None


async def rights_of_customer(runtime: Runtime, company_id: UUID, customer_id: UUID) -> CustomerRights:
    """What the shop can do for this customer now, and the newest file that is still kept."""
    try:
        async with runtime.database.transaction() as session:
            found = await finder().guest(session, company_id, customer_id)
    except Conflict:
        return CustomerRights(has_account=True, erased=False, export=None)
    if found is None:
        return CustomerRights(has_account=False, erased=True, export=None)
    export = await latest_customer_export(runtime.database, company_id, customer_id, runtime.clock.now())
    return CustomerRights(has_account=False, erased=False, export=export)


async def refuse_unless_guest(session: AsyncSession, company_id: UUID, customer_id: UUID) -> None:
    """Let through for a customer without account who is known here.

    Raises `NotFound` (`customer_not_found`) and `Conflict` (`customer_has_account`).
    """
    if await finder().guest(session, company_id, customer_id) is None:
        raise NotFound("customer_not_found", "There is no such customer.")


async def ask_for_customer_export(runtime: Runtime, context: Context, customer_id: UUID) -> UUID:
    """Begin the customer's export, or find the one under way; its id. Only what begins is an entry.

    Raises what `refuse_unless_guest` raises.
    """
    customer = (context.company_id, customer_id)
    async with runtime.database.transaction() as session:
        await refuse_unless_guest(session, *customer)
        export_id, began = await start_export(session, at=runtime.clock.now(), customer=customer)
        if began:
            await audit_event(session, context, "privacy.export_asked", "customer", customer_id)
    return export_id


async def fetch_customer_export(
    runtime: Runtime, context: Context, customer_id: UUID, export_id: UUID
) -> bytes:
    """The ZIP. Raises what `customer_export` and `file_of` raise."""
    export = await customer_export(runtime, context.company_id, customer_id, export_id)
    content = await file_of(runtime, export)
    async with runtime.database.transaction() as session:
        await audit_event(session, context, "privacy.export_fetched", "customer", customer_id)
    return content


async def erase_customer_of(runtime: Runtime, context: Context, customer_id: UUID) -> UUID:
    """Erase the customer; the erasure's id. Raises what `erase_guest` raises."""
    async with runtime.database.transaction() as session:
        erasure_id = await erase_guest(
            session, runtime.secrets, context.company_id, customer_id, runtime.clock.now()
        )
        await audit_event(session, context, "privacy.erased", "customer", customer_id)
    return erasure_id
