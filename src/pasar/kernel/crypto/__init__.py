"""Secrets at rest: `Runtime.secrets` seals and opens them, and signs with keys that rotate.

    sealed = await runtime.secrets.seal("totp", secret, context=context_of(user_id))
    secret = await runtime.secrets.open("totp", sealed, context=context_of(user_id))

A column of type `bytea` takes the sealed form. `purpose` says what kind of secret it is, `context` whose:
a value that somebody moves to another row, column or person does not open (`SealBroken`). Every sealed column
is registered once, where its table is, so that `pasar secrets rotate` re-encrypts it and tests find it:

    register_sealed_column("totp_secrets", ("user_id",), "secret", purpose="totp", context=("user_id",))

`context` there names the columns, in the order in which `context_of` was given their values.
"""

from pasar.kernel.crypto.columns import SealedColumn, register_sealed_column, sealed_columns
from pasar.kernel.crypto.sealing import SealBroken, context_of
from pasar.kernel.crypto.secrets import Secrets

__all__ = [
    "SealBroken",
    "SealedColumn",
    "Secrets",
    "context_of",
    "register_sealed_column",
    "sealed_columns",
]
