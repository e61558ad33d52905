"""What travels of second factors."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from pasar.kernel.http.schema import Input, Output
from pasar.people.sign_in.second_factor.factors import Factors, PasskeyFacts
from pasar.people.sign_in.second_factor.passkey_json import PasskeyJson
from pasar.people.sign_in.second_factor.proof import Proof, proof_of
from pasar.people.sign_in.second_factor.totp import qr_svg

# Bounds on work; what is really asked of each is said by its rule.
Text = Annotated[str, msgspec.Meta(max_length=200)]


class ChallengeBody(Input):
    """The challenge that sign-in answered with `second_factor_required`."""

    challenge: Text


class SecondFactorBody(Input):
    """The challenge, and one of: an app's code, a recovery code, a passkey's answer."""

    challenge: Text
    code: Text | None = None
    recovery_code: Text | None = None
    passkey: PasskeyJson | None = None

    def proof(self) -> Proof:
        """The one that was sent. Raises as `proof_of`."""
        passkey = self.passkey.plain() if self.passkey is not None else None
        return proof_of(code=self.code, recovery_code=self.recovery_code, passkey=passkey)


class StepUpBody(Input):
    """One of: the password (for who has no second factor), an app's code, a recovery code, a passkey."""

    password: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    code: Text | None = None
    recovery_code: Text | None = None
    passkey: PasskeyJson | None = None

    def proof(self) -> Proof:
        """The factor that was sent. Raises as `proof_of`."""
        passkey = self.passkey.plain() if self.passkey is not None else None
        return proof_of(code=self.code, recovery_code=self.recovery_code, passkey=passkey)


class CodeBody(Input):
    """The present code of an authenticator app: six digits."""

    code: Text


class PasskeySignInBody(Input):
    """A passkey's answer to the options that were given."""

    passkey: PasskeyJson


class NewPasskeyBody(Input):
    """A passkey that the browser has made, and its name for the list."""

    passkey: PasskeyJson
    name: Text = ""


class PasskeyNameBody(Input):
    """Another name for a passkey."""

    name: Text


class TotpSetupAnswer(Output):
    """For an authenticator app: the secret as base32, its `otpauth:` address, and that as an SVG QR code."""

    secret: str
    uri: str
    qr_svg: str


class RecoveryCodesAnswer(Output):
    """Recovery codes, shown this once; none when there are some already."""

    recovery_codes: list[str]


class PasskeyOptionsAnswer(Output):
    """What `navigator.credentials` takes as `publicKey`, as JSON."""

    public_key: dict[str, Any]


class PasskeyAnswer(Output):
    """One passkey. `host` is where it works; `regressedAt` when a copy of it may have been used."""

    id: UUID
    name: str
    host: str
    created_at: datetime
    last_used_at: datetime | None
    regressed_at: datetime | None


class TotpAnswer(Output):
    """An authenticator app that counts."""

    confirmed_at: datetime


class FactorsAnswer(Output):
    """A person's second factors. `required` says that a company where the person works asks for one."""

    totp: TotpAnswer | None
    passkeys: list[PasskeyAnswer]
    recovery_codes_left: int
    required: bool


def setup_answer(secret: str, uri: str) -> TotpSetupAnswer:
    """Write a setup for the wire."""
    return TotpSetupAnswer(secret=secret, uri=uri, qr_svg=qr_svg(uri))


def passkey_answer(passkey: PasskeyFacts) -> PasskeyAnswer:
    """Write a passkey for the wire: neither its id nor its key is of use to anybody."""
    return PasskeyAnswer(
        id=passkey.id,
        name=passkey.name,
        host=passkey.rp_id,
        created_at=passkey.created_at,
        last_used_at=passkey.last_used_at,
        regressed_at=passkey.regressed_at,
    )


def factors_answer(factors: Factors) -> FactorsAnswer:
    """Write a person's factors for the wire."""
    return FactorsAnswer(
        totp=TotpAnswer(confirmed_at=factors.totp_since) if factors.totp_since else None,
        passkeys=[passkey_answer(one) for one in factors.passkeys],
        recovery_codes_left=factors.codes_left,
        required=factors.demanded,
    )
