"""What a person who is signed in does with the own factors: the same steps for the API and for pages."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.http.guards import require_step_up
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.second_factor.actions.add_passkey import add_passkey
from pasar.people.sign_in.second_factor.actions.make_recovery_codes import make_recovery_codes
from pasar.people.sign_in.second_factor.actions.remove_factor import remove_passkey, remove_totp
from pasar.people.sign_in.second_factor.actions.rename_passkey import rename_passkey
from pasar.people.sign_in.second_factor.actions.set_up_totp import begin_totp, confirm_totp, pending_totp
from pasar.people.sign_in.second_factor.actions.telling import Changer
from pasar.people.sign_in.second_factor.ceremony import (
    Credential,
    KnownCredential,
    Options,
    PasskeyRefused,
    authentication_options,
    made_credential,
    registration_options,
)
from pasar.people.sign_in.second_factor.factors import owner_of, passkeys_of
from pasar.people.sign_in.second_factor.passkey_challenges import (
    Ceremony,
    bound_to_sign_in,
    remember,
    take,
)
from pasar.people.sign_in.second_factor.relying_party import RelyingParty
from pasar.people.sign_in.second_factor.stepping_up import sign_in_of
from pasar.people.sign_in.second_factor.totp import provisioning_uri

LONGEST_NAME: Final = 60
UNNAMED: Final = "Passkey"


def allowed_changer(runtime: Runtime, context: Context) -> Changer:
    """Who changes the own factors now. Raises `Forbidden`: `people_only`, `step_up_required`."""
    require_step_up(context, runtime.clock.now())
    return Changer(context.user_id, sign_in_of(context), context.company_id)


def passkey_name(text: str) -> str:
    """A passkey's name in one line; `Passkey` for none. Raises `Unprocessable` (`name_invalid`)."""
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        detail = f"Choose a name of at most {LONGEST_NAME} plain characters."
        raise Unprocessable("name_invalid", detail, errors=[FieldProblem("name", "name_invalid", detail)])
    return name or UNNAMED


async def start_totp(runtime: Runtime, context: Context) -> tuple[str, str]:
    """A new secret for an authenticator app, and the address that its QR code holds."""
    changer = allowed_changer(runtime, context)
    secret = await begin_totp(runtime, changer.user_id)
    return secret, await _uri(runtime, context, secret)


async def waiting_totp(runtime: Runtime, context: Context) -> tuple[str, str] | None:
    """The secret that waits for its first code with its address, for who reloads the page."""
    changer = allowed_changer(runtime, context)
    secret = await pending_totp(runtime, changer.user_id)
    return (secret, await _uri(runtime, context, secret)) if secret is not None else None


async def finish_totp(runtime: Runtime, context: Context, code: str) -> list[str]:
    """Let the app count; answers recovery codes with the first factor. Raises as `confirm_totp`."""
    return await confirm_totp(runtime, allowed_changer(runtime, context), code)


async def drop_totp(runtime: Runtime, context: Context) -> None:
    """Turn the authenticator app off. Raises as `remove_totp`."""
    changer = allowed_changer(runtime, context)
    async with runtime.database.transaction() as session:
        await remove_totp(session, changer, runtime.clock.now())


async def new_recovery_codes(runtime: Runtime, context: Context) -> list[str]:
    """Ten new codes. Raises as `make_recovery_codes`."""
    changer = allowed_changer(runtime, context)
    async with runtime.database.transaction() as session:
        return await make_recovery_codes(session, changer, runtime.clock.now())


async def passkey_to_make(runtime: Runtime, context: Context, party: RelyingParty) -> Options:
    """What the browser needs to make a passkey for this host, unless the authenticator has one."""
    changer = allowed_changer(runtime, context)
    owner = await owner_of(runtime.database, changer.user_id)
    known = await _known(runtime, changer.user_id, party)
    options = registration_options(party, changer.user_id, owner.label, owner.name, known)
    await remember(runtime, _making(changer, party), options)
    return options


async def keep_passkey(
    runtime: Runtime, context: Context, party: RelyingParty, credential: Credential, name: str
) -> list[str]:
    """Keep the passkey that the browser made; answers recovery codes with the first factor.

    Raises `Unprocessable` (`passkey_refused`, `name_invalid`), and as `add_passkey`.
    """
    changer = allowed_changer(runtime, context)
    fit_name = passkey_name(name)
    try:
        challenge = await take(runtime, _making(changer, party), credential)
        made = made_credential(credential, challenge, party)
    except PasskeyRefused:
        detail = "The browser's answer does not fit. Begin adding the passkey anew."
        problem = FieldProblem("passkey", "passkey_refused", detail)
        raise Unprocessable("passkey_refused", detail, errors=[problem]) from None
    async with runtime.database.transaction() as session:
        return await add_passkey(
            session, changer, made, rp_id=party.id, name=fit_name, at=runtime.clock.now()
        )


async def name_passkey(runtime: Runtime, context: Context, passkey_id: UUID, name: str) -> None:
    """Give a passkey another name. Raises as `rename_passkey` and `passkey_name`."""
    changer = allowed_changer(runtime, context)
    fit_name = passkey_name(name)
    async with runtime.database.transaction() as session:
        await rename_passkey(session, changer.user_id, passkey_id, fit_name)


async def drop_passkey(runtime: Runtime, context: Context, passkey_id: UUID) -> None:
    """Forget a passkey. Raises as `remove_passkey`."""
    changer = allowed_changer(runtime, context)
    async with runtime.database.transaction() as session:
        await remove_passkey(session, changer, passkey_id, runtime.clock.now())


async def passkey_to_use(runtime: Runtime, ceremony: Ceremony, user_id: UUID | None) -> Options:
    """What the browser needs to use a passkey of `user_id`, or of anybody at this host for None.

    A person without one at this host gets the same shape of answer, with nothing to choose from.
    """
    known = await _known(runtime, user_id, ceremony.party) if user_id is not None else ()
    options = authentication_options(ceremony.party, known)
    await remember(runtime, ceremony, options)
    return options


def _making(changer: Changer, party: RelyingParty) -> Ceremony:
    return Ceremony("register", party, bound_to_sign_in(changer.sign_in_id))


async def _known(runtime: Runtime, user_id: UUID, party: RelyingParty) -> tuple[KnownCredential, ...]:
    found = await passkeys_of(runtime.database, user_id, rp_id=party.id)
    return tuple(KnownCredential(one.credential_id, one.transports) for one in found)


async def _uri(runtime: Runtime, context: Context, secret: str) -> str:
    owner = await owner_of(runtime.database, context.user_id)
    return provisioning_uri(secret, account=owner.label, issuer=context.site.name)
