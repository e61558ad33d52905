"""Make the secret of a request, at the moment when its letter is written."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pasar.kernel.ids import hash_token, new_token
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.proof_kinds import CODE_DIGITS

CODE_KEY = "phone codes"
# A letter that leaves again carries a new secret, and only the newest works.
KEEP = """
UPDATE proofs SET secret_hash = CASE kind WHEN 'phone_code' THEN $3::bytea ELSE $2::bytea END
 WHERE id = $1 AND used_at IS NULL AND expires_at > $4
   AND kind IN ('verify_email', 'change_email', 'reset_password', 'phone_code')
RETURNING kind, expires_at
"""


@dataclass(frozen=True, slots=True)
class Minted:
    """What a letter carries: the token of a link (64 hexadecimal digits), or a code of 6 digits."""

    secret: str = field(repr=False)
    expires_at: datetime


async def mint_secret(runtime: Runtime, request_id: UUID) -> Minted | None:
    """A new secret for the request; only its hash stays. None when it is over, used, or never had one."""
    token = new_token()
    code = str(secrets.randbelow(10**CODE_DIGITS)).zfill(CODE_DIGITS)
    hashes = (hash_token(token), code_hash(runtime, request_id, code))
    row = await runtime.database.row(KEEP, request_id, *hashes, runtime.clock.now())
    if row is None:
        return None
    return Minted(code if row["kind"] == "phone_code" else token, row["expires_at"])


def code_hash(runtime: Runtime, request_id: UUID, code: str) -> bytes:
    """The keyed hash of a code. A plain hash of six digits would be guessed from a copy of the table."""
    message = request_id.bytes + code.encode(errors="replace")
    return hmac.new(runtime.key(CODE_KEY), message, hashlib.sha256).digest()
