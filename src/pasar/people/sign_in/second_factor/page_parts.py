"""What the pages of second factors share: proofs from forms, options for scripts, a challenge's cookie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from litestar import Request, Response

from pasar.kernel.http.guards import locale_of_cookie, runtime_of
from pasar.people.sign_in.second_factor.ceremony import Options
from pasar.people.sign_in.second_factor.passkey_json import PasskeyJson
from pasar.people.sign_in.second_factor.proof import Proof, proof_of
from pasar.people.sign_in.second_factor_gate import LIFE, SecondFactorRequired
from pasar.web.answering import local_path, see_other, set_session_cookie
from pasar.web.form_values import text_of
from pasar.web.rendering import url

AnyRequest = Request[Any, Any, Any]

LONGEST_CODE: Final = 100
LONGEST_PATH: Final = 1000
LONGEST_PASSKEY: Final = 20_000
"""Characters. An attestation may carry a few certificates."""
CHALLENGE_PAGE: Final = "/sign-in/second-factor"
_TOKEN: Final = re.compile(r"[0-9a-f]{64}")


def proof_from(form: Mapping[str, Any]) -> Proof:
    """The factor that a form shows. Raises as `proof_of`."""
    return proof_of(
        code=text_of(form, "code", LONGEST_CODE) or None,
        recovery_code=text_of(form, "recovery_code", LONGEST_CODE) or None,
        passkey=passkey_from(form),
    )


def passkey_from(form: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the authenticator answered, which our script put into a field; an empty object for nonsense."""
    text = text_of(form, "passkey", LONGEST_PASSKEY)
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=PasskeyJson).plain()
    except (msgspec.DecodeError, RecursionError):
        return {}


def proof_field(form: Mapping[str, Any]) -> str:
    """The field beside which a refusal of that proof is said."""
    for name in ("recovery_code", "passkey", "password"):
        if name in form:
            return name
    return "code"


def options_response(options: Options) -> Response[bytes]:
    """Options for our script."""
    body = msgspec.json.encode({"publicKey": options.public_key})
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def ask_second_factor(request: AnyRequest, asked: SecondFactorRequired, back: str) -> Response[bytes]:
    """Send the browser to the page that asks for the factor.

    The challenge travels in a cookie of its own, not in the address, and not under the browser's session:
    whoever knew that one beforehand does not get at it.
    """
    answer = see_other(url(CHALLENGE_PAGE, back=local_path(back, "") or None))
    _set_challenge(request, answer, asked.challenge, int(LIFE.total_seconds()))
    return answer


def challenge_of_browser(request: AnyRequest) -> str | None:
    """The challenge that this browser owes an answer to."""
    value = request.cookies.get(_cookie_name(request), "")
    return value if _TOKEN.fullmatch(value) else None


def signed_in_response(
    request: AnyRequest, cookie: str, path: str, notice: str = "signed-in"
) -> Response[bytes]:
    """Go to `path` with the new session's cookie and the language that was chosen; the challenge goes."""
    locale = locale_of_cookie(request)
    answer = see_other(path, notice=notice)
    set_session_cookie(request, answer, f"{cookie}.{locale}" if locale else cookie)
    _set_challenge(request, answer, "", 0)
    return answer


def _cookie_name(request: AnyRequest) -> str:
    production = runtime_of(request).settings.production
    return "__Host-pasar_factor" if production else "pasar_factor"


def _set_challenge(request: AnyRequest, answer: Response[Any], value: str, seconds: int) -> None:
    answer.set_cookie(
        key=_cookie_name(request),
        value=value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=runtime_of(request).settings.production,
    )
