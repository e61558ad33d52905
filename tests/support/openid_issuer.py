"""A provider of OpenID Connect on this machine: discovery, rotating keys, codes that work once, PKCE.

It is strict about what a client sends, as real ones are, and lies in what it answers when a test wants it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from pasar.kernel.config.openid import OpenIdProvider

CLIENT_ID = "pasar at tests"  # with a blank: what is sent as Basic must be encoded first
CLIENT_SECRET = "s3cret/with:colon"


@dataclass
class SigningKey:
    """A key of the issuer, or of somebody who would like to be it."""

    kid: str
    algorithm: str = "ES256"
    private: Any = None

    def __post_init__(self) -> None:
        if self.private is None:
            rsa_key = self.algorithm.startswith(("RS", "PS"))
            self.private = (
                rsa.generate_private_key(65537, 2048) if rsa_key else ec.generate_private_key(ec.SECP256R1())
            )

    def public(self) -> dict[str, Any]:
        """As a JSON Web Key."""
        kind = RSAAlgorithm if isinstance(self.private, rsa.RSAPrivateKey) else ECAlgorithm
        key: dict[str, Any] = kind.to_jwk(self.private.public_key(), as_dict=True)
        return {**key, "kid": self.kid, "use": "sig", "alg": self.algorithm}

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        """A token of `claims`."""
        return jwt.encode(claims, self.private, algorithm=self.algorithm, headers={"kid": self.kid, **header})


@dataclass
class Issuer:
    """The provider. `person` is who is signed in there; `changes` are made to each id_token's claims (None
    leaves one out); `forge`, when set, makes the token instead; `userinfo` is answered there."""

    url: str = ""
    keys: list[SigningKey] = field(default_factory=lambda: [SigningKey("first")])
    person: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    forge: Any = None
    userinfo: dict[str, Any] | None = None
    document: dict[str, Any] = field(default_factory=dict)
    by_form: bool = False
    down: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def provider(self, name: str = "local") -> OpenIdProvider:
        """How Pasar is configured for it."""
        return OpenIdProvider(name, "Local ID", self.url, CLIENT_ID, CLIENT_SECRET)

    def rotate(self, kid: str, algorithm: str = "ES256") -> None:
        """Sign by a new key from here on; the former is no longer published."""
        self.keys = [SigningKey(kid, algorithm)]

    def authorize(self, address: str) -> str:
        """What the browser is sent back with when its person agrees: the address with code and state."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(self.url + "/authorize?tenant=7&"), address
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256"
        assert min(len(query[name]) for name in ("state", "nonce", "code_challenge")) >= 43
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def answer(self, path: str, form: dict[str, str], headers: Any) -> tuple[int, dict[str, Any]]:
        """What is answered at `path`."""
        self.asked[path] += 1
        if path in self.down:
            return 500, {"error": "server_error"}
        if path == "/.well-known/openid-configuration":
            return 200, self._document()
        if path == "/keys":
            return 200, {"keys": [key.public() for key in self.keys]}
        if path == "/token":
            return self._token(form, headers)
        if path == "/userinfo" and self.userinfo is not None:
            return 200, self.userinfo
        return 404, {}

    def _document(self) -> dict[str, Any]:
        methods = ["client_secret_post"] if self.by_form else ["client_secret_basic", "client_secret_post"]
        document = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize?tenant=7",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": methods,
        }
        if self.userinfo is not None:
            document["userinfo_endpoint"] = f"{self.url}/userinfo"
        return document | self.document

    def _token(self, form: dict[str, str], headers: Any) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        problem = self._problem(form, headers, asked)
        if problem is not None or asked is None:
            self.refused.append(problem or "no code")
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        token = self.forge(claims) if self.forge else self.keys[0].sign(claims)
        return 200, {"id_token": token, "access_token": "an-access-token", "token_type": "Bearer"}

    def _problem(self, form: dict[str, str], headers: Any, asked: dict[str, str] | None) -> str | None:
        if asked is None:
            return "an unknown or used code"
        if self._client(form, headers) != (CLIENT_ID, CLIENT_SECRET):
            return "another client"
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if challenge.rstrip(b"=").decode() != asked["code_challenge"]:
            return "another verifier"
        return None if form["redirect_uri"] == asked["redirect_uri"] else "another redirect_uri"

    def _client(self, form: dict[str, str], headers: Any) -> tuple[str, str]:
        if self.by_form:
            return form.get("client_id", ""), form.get("client_secret", "")
        _, _, said = headers.get("Authorization", "").partition(" ")
        name, _, secret = base64.b64decode(said).decode().partition(":")
        return unquote(name), unquote(secret)


@contextmanager
def issuing() -> Iterator[Issuer]:
    """A provider that listens, until the end."""
    issuer = Issuer(person={"sub": secrets.token_hex(8)})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            status, content = issuer.answer(urlsplit(self.path).path, form, self.headers)
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
