"""A passkey in software: what a browser and its authenticator answer, and what a thief would make of it."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ORIGIN = "http://localhost"


def encode(plain: bytes) -> str:
    """base64url without padding, as WebAuthn writes bytes."""
    return urlsafe_b64encode(plain).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes behind base64url."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


NO_PASSKEY: dict[str, Any] = {"id": "", "rawId": "", "type": "", "response": {"clientDataJSON": ""}}
"""The shape of an answer, and nothing in it."""


@dataclass(slots=True)
class SoftPasskey:
    """One credential with its counter. `verified` says whether a finger or a PIN was shown."""

    origin: str = ORIGIN
    verified: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user_handle: bytes | None = None

    def make(self, options: dict[str, Any], **tampered: Any) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`; attestation `none`."""
        self.user_handle = decode(options["user"]["id"])
        client = self._client("webauthn.create", options, tampered)
        public = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        attested = (
            bytes(16)
            + len(self.credential_id).to_bytes(2, "big")
            + self.credential_id
            + bytes(cbor2.dumps(cose))
        )
        data = self._data(tampered.get("rp_id", options["rp"]["id"]), ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": encode(client),
                "attestationObject": encode(attestation),
                "transports": ["internal"],
            }
        )

    def sign(self, options: dict[str, Any], **tampered: Any) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        self.count = tampered.get("count", self.count + 1)
        client = self._client("webauthn.get", options, tampered)
        data = self._data(tampered.get("rp_id", options["rpId"]), 0)
        signed = data + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(SHA256()))
        answer = {
            "clientDataJSON": encode(client),
            "authenticatorData": encode(data),
            "signature": encode(signature),
        }
        handle = tampered.get("user_handle", self.user_handle)
        return self._answer(answer | ({"userHandle": encode(handle)} if handle else {}))

    def _client(self, kind: str, options: dict[str, Any], tampered: dict[str, Any]) -> bytes:
        told = {
            "type": tampered.get("type", kind),
            "challenge": tampered.get("challenge", options["challenge"]),
            "origin": tampered.get("origin", self.origin),
            "crossOrigin": tampered.get("cross_origin", False),
        }
        return json.dumps(told).encode()

    def _data(self, rp_id: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        name = encode(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}
