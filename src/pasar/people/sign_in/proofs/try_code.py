"""Is this the code that was sent to that number?"""

from __future__ import annotations

import hmac
from typing import Final

import structlog

from pasar.kernel.errors import Unauthorised
from pasar.kernel.limits import FailureLimit, forget_failures, note_failure, refuse_after_failures
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site
from pasar.people.sign_in.proof_kinds import MOST_TRIES
from pasar.people.sign_in.proofs.mint_secret import code_hash

log = structlog.get_logger(__name__)

PER_PHONE: Final = FailureLimit("code.phone", 5)
PER_ADDRESS: Final = FailureLimit("code.address", 20)

# Counted and committed before anything is compared, in one statement: guesses that come together wait for
# each other's count. Only the newest code of a number at a company is one.
COUNT_TRY = """
UPDATE proofs SET tries = tries + 1
 WHERE id = (SELECT id FROM proofs WHERE kind = 'phone_code' AND recipient = $1 AND company_id = $2
              ORDER BY created_at DESC, id DESC LIMIT 1)
   AND tries < $3 AND expires_at > $4 AND used_at IS NULL AND secret_hash IS NOT NULL
RETURNING id, secret_hash
"""
USE = "UPDATE proofs SET used_at = $2 WHERE id = $1 AND used_at IS NULL RETURNING id"


async def try_code(runtime: Runtime, site: Site, phone: str, code: str, address: str) -> None:
    """Take the code for `phone` (E.164) at this site's company; it is used, whatever follows.

    Raises `Unauthorised` (`wrong_code`) for a wrong one, one that is over or used, after three tries, and for
    a number that none was sent to; `TooMany` after 5 such for a number or 20 from an address in 15 minutes.
    """
    limits = [(PER_PHONE, phone), (PER_ADDRESS, address)]
    await refuse_after_failures(runtime, limits)
    code, now = "".join(code.split()), runtime.clock.now()
    row = await runtime.database.row(COUNT_TRY, phone, site.company_id, MOST_TRIES, now)
    fits = row is not None and hmac.compare_digest(code_hash(runtime, row["id"], code), row["secret_hash"])
    if row is None or not fits or await runtime.database.row(USE, row["id"], now) is None:
        log.info("sign_in.failed", way="code", reason="wrong_code")
        await note_failure(runtime, limits)
        raise wrong_code()
    await forget_failures(runtime, PER_PHONE, phone)


def wrong_code() -> Unauthorised:
    """The one answer to every code that does not work."""
    return Unauthorised("wrong_code", "The code is wrong, or over. Check it, or ask for a new one.")
