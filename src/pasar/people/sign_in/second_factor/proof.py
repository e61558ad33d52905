"""What does somebody show as the second factor? Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pasar.kernel.errors import FieldProblem, Unprocessable


@dataclass(frozen=True, slots=True)
class Proof:
    """One of these: an authenticator app's code, a recovery code, or a passkey's signed answer."""

    code: str | None = field(default=None, repr=False)
    recovery_code: str | None = field(default=None, repr=False)
    passkey: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def way(self) -> str:
        """What it is, for the log: `totp`, `recovery` or `passkey`."""
        return (
            "totp" if self.code is not None else "recovery" if self.recovery_code is not None else "passkey"
        )


def proof_of(
    *, code: str | None = None, recovery_code: str | None = None, passkey: dict[str, Any] | None = None
) -> Proof:
    """The one that was given. Raises `Unprocessable` (`one_proof_required`) for none and for several."""
    if sum(given is not None for given in (code, recovery_code, passkey)) != 1:
        detail = "Send one of these: code, recoveryCode, passkey."
        raise Unprocessable(
            "one_proof_required", detail, errors=[FieldProblem("code", "one_proof_required", detail)]
        )
    return Proof(code, recovery_code, passkey)
