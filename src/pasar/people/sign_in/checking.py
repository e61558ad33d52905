"""Is this the password of that account? The same answer and the same work when there is no such account."""

from __future__ import annotations

from typing import Final

from pasar.kernel.errors import Unauthorised
from pasar.kernel.limits import FailureLimit, forget_failures, note_failure, refuse_after_failures
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.passwords import password_fits
from pasar.people.users.public import Credentials, EmailError, credentials_of, normalise_email

PER_ACCOUNT: Final = FailureLimit("sign_in.account", 5)
PER_ADDRESS: Final = FailureLimit("sign_in.address", 20)


async def check_password(runtime: Runtime, email: str, password: str, address: str) -> Credentials:
    """The account whose e-mail and password these are; `address` is where the call came from.

    Raises `Unauthorised` (`wrong_credentials`) alike for a wrong password, an unknown or an inactive account,
    and `TooMany` with `Retry-After` after 5 failures of an account or 20 from an address in 15 minutes.
    """
    try:
        email = normalise_email(email)
    except EmailError:
        # Nobody's, yet limited and worked for like any other. PostgreSQL takes no NUL in a text.
        email = email.replace("\0", "").strip().lower()
    limits = [(PER_ACCOUNT, email), (PER_ADDRESS, address)]
    await refuse_after_failures(runtime, limits)
    found = await credentials_of(runtime.database, email)
    fits = await password_fits(password, found.password_hash if found else None)
    if found is None or not fits or not found.is_active:
        await note_failure(runtime, limits)
        raise Unauthorised(
            "wrong_credentials", "The e-mail or the password is wrong. Check both and try again."
        )
    await refuse_after_failures(runtime, limits)  # while the password was checked, others may have failed
    await forget_failures(runtime, PER_ACCOUNT, email)
    return found
