"""Did this authenticator sign what we asked? Web Authentication Level 3, sections 7.1 and 7.2. No database.

User verification (a fingerprint, a PIN) is always demanded: a passkey is then two factors in one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
import webauthn
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pasar.people.sign_in.second_factor.relying_party import RelyingParty

Credential = Mapping[str, Any]
"""What `navigator.credentials` answered, as JSON (section 5.1: `toJSON()`)."""

LONGEST_CREDENTIAL_ID: Final = 1023
"""Bytes (section 4)."""
TRANSPORTS: Final = frozenset(one.value for one in AuthenticatorTransport)


class PasskeyRefused(Exception):
    """The answer is malformed, unsigned, or for something else than we asked."""


@dataclass(frozen=True, slots=True)
class KnownCredential:
    """A credential that the person has already."""

    credential_id: bytes
    transports: Sequence[str]


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A credential that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


@dataclass(frozen=True, slots=True)
class Options:
    """`challenge` is what will be signed; `public_key` goes to the browser, as JSON."""

    challenge: bytes
    public_key: dict[str, Any]


def registration_options(
    party: RelyingParty, user_id: UUID, account: str, name: str, known: Sequence[KnownCredential]
) -> Options:
    """What a browser needs to make a passkey that can be found without a user name."""
    made = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=user_id.bytes,
        user_name=account,
        user_display_name=name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return Options(made.challenge, msgspec.json.decode(webauthn.options_to_json(made)))


def authentication_options(party: RelyingParty, known: Sequence[KnownCredential]) -> Options:
    """What a browser needs to use a passkey: one of `known`, or any of this host's when that is empty."""
    made = webauthn.generate_authentication_options(
        rp_id=party.id,
        allow_credentials=_descriptors(known) or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Options(made.challenge, msgspec.json.decode(webauthn.options_to_json(made)))


def challenge_of(credential: Credential) -> bytes:
    """The challenge that the answer says it signed. Raises `PasskeyRefused`."""
    try:
        data = parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"]))
    except Exception as error:
        raise PasskeyRefused("malformed") from error
    if data.cross_origin:
        raise PasskeyRefused("made inside somebody else's page")
    return data.challenge


def credential_id_of(credential: Credential) -> bytes:
    """Which credential it says it is. Raises `PasskeyRefused`."""
    try:
        found = base64url_to_bytes(credential["rawId"])
    except Exception as error:
        raise PasskeyRefused("malformed") from error
    if not 0 < len(found) <= LONGEST_CREDENTIAL_ID:
        raise PasskeyRefused("malformed")
    return found


def user_of(credential: Credential) -> UUID | None:
    """The person whom the authenticator names, if it does: the user handle of a discoverable credential."""
    response = credential.get("response")
    handle = response.get("userHandle") if isinstance(response, dict) else None
    try:
        return UUID(bytes=base64url_to_bytes(handle)) if isinstance(handle, str) else None
    except ValueError:
        return None


def made_credential(credential: Credential, challenge: bytes, party: RelyingParty) -> NewCredential:
    """The new credential, when everything about it is right. Raises `PasskeyRefused`."""
    try:
        verified = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            require_user_verification=True,
        )
    except Exception as error:
        raise PasskeyRefused(str(error)) from error
    if len(verified.credential_id) > LONGEST_CREDENTIAL_ID:
        raise PasskeyRefused("the credential's id is too long")
    given = credential["response"].get("transports")
    transports = [one for one in given if one in TRANSPORTS] if isinstance(given, list) else []
    return NewCredential(
        verified.credential_id, verified.credential_public_key, verified.sign_count, transports
    )


def signed_count(credential: Credential, challenge: bytes, party: RelyingParty, public_key: bytes) -> int:
    """The authenticator's counter, when the key behind `public_key` signed `challenge` for us.

    Whether the counter has risen is for the caller to see. Raises `PasskeyRefused`.
    """
    try:
        verified = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:
        raise PasskeyRefused(str(error)) from error
    return verified.new_sign_count


def _descriptors(known: Sequence[KnownCredential]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=one.credential_id,
            transports=[AuthenticatorTransport(name) for name in one.transports if name in TRANSPORTS],
        )
        for one in known
    ]
