"""Which time step does this code belong to? RFC 6238 with SHA-1, six digits and steps of 30 seconds. Pure.

SHA-1 because authenticator apps know nothing else for certain; as an HMAC it is not broken.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from typing import Final

import pyotp
import segno

STEP_SECONDS: Final = 30
SKEW_STEPS: Final = 1
"""How many steps the phone's clock may be off (RFC 6238, section 5.2)."""
CODE: Final = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """A shared secret of 160 random bits, as base32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, *, account: str, issuer: str) -> str:
    """What an authenticator app reads from the QR code: `otpauth://totp/…`."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def qr_svg(uri: str) -> str:
    """The address as a QR code: an SVG without style or script, dark on light in every colour scheme."""
    return str(segno.make(uri, error="m").svg_inline(scale=4, dark="#000", light="#fff"))


def grouped(secret: str) -> str:
    """The secret in groups of four, for who types it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def step_of(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """The step whose code this is, at most `SKEW_STEPS` from now and later than step `after`; else None.

    Every step is compared, whichever fits, so that the time taken tells nothing.
    """
    typed = re.sub(r"[\s-]", "", code)
    if not CODE.fullmatch(typed):
        return None
    now, app, found = int(at.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret), None
    for step in range(now - SKEW_STEPS, now + SKEW_STEPS + 1):
        if hmac.compare_digest(app.generate_otp(step), typed) and step > after:
            found = step
    return found
