"""What does a browser answer for a passkey, as JSON? Web Authentication Level 3, section 5.1 (`toJSON()`).

Bytes are base64url texts. Of what a browser says, only what is verified is read: `clientExtensionResults` and
what later browsers add are skipped by the decoder, not refused.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

# Characters. An id has 1023 bytes at most (section 4); an attestation may carry a few certificates.
_Id = Annotated[str, Meta(max_length=1_400)]
_Signed = Annotated[str, Meta(max_length=8_000)]
_Attestation = Annotated[str, Meta(max_length=16_000)]
_Word = Annotated[str, Meta(max_length=50)]


class _FromBrowser(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    """Written by a browser: open to what we do not know."""


class AuthenticatorAnswer(_FromBrowser):
    """`attestationObject` is there for a new passkey; `authenticatorData` and `signature` for a used one."""

    client_data_json: _Signed = msgspec.field(name="clientDataJSON")
    attestation_object: _Attestation | None = None
    authenticator_data: _Signed | None = None
    signature: _Signed | None = None
    user_handle: Annotated[str, Meta(max_length=200)] | None = None
    transports: Annotated[list[_Word], Meta(max_length=20)] | None = None


class PasskeyJson(_FromBrowser):
    """What `navigator.credentials` answered, as its `toJSON()` writes it."""

    id: _Id
    raw_id: _Id
    type: _Word
    response: AuthenticatorAnswer
    authenticator_attachment: _Word | None = None

    def plain(self) -> dict[str, Any]:
        """The same as a mapping, by its names on the wire; without what was not said."""
        said: dict[str, Any] = msgspec.to_builtins(self)
        return said
