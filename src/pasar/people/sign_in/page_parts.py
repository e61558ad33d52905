"""What the pages of sign-in share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response

from pasar.kernel.errors import FieldProblem, Problem, TooMany, Unauthorised
from pasar.kernel.i18n import N_, Translator
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.page_words import field_words
from pasar.people.sign_in.proofs.request_proof import Asking
from pasar.people.sign_in.second_factor.page_parts import ask_second_factor, signed_in_response
from pasar.people.sign_in.second_factor_gate import SecondFactorRequired
from pasar.people.sign_in.signing_in import PageSignIn
from pasar.web.answering import local_path, page_response

AnyRequest = Request[Any, Any, Any]
LONGEST_EMAIL: Final = 320
LONGEST_PASSWORD: Final = 1000
LONGEST_PATH: Final = 1000

# Which letter is on its way, for the page that says so.
INBOX: Final = {
    "verify": N_("We have sent a link to {to}. Open it to verify the address; it works for a day."),
    "register": N_("We have sent a mail to {to}. It tells how to go on; without it nobody can sign in."),
    "resend": N_("If {to} waits to be verified, a mail with a new link is on its way."),
    "reset": N_("If there is an account for {to}, a mail with a link to a new password is on its way."),
    "change": N_("We have sent a link to {to}. Open it to use this address; until then nothing changes."),
}


def person_of(context: Context) -> UUID:
    """The signed-in person's id. Raises `Unauthorised`, which leads guests to sign in."""
    if context.caller.user_id is None:
        raise Unauthorised("sign_in_required", "Sign in first.")
    return context.caller.user_id


def asking_in(context: Context) -> Asking:
    """At which shop and in which language the page asks."""
    return Asking(context.site, context.locale)


def back_of(request: AnyRequest) -> str:
    """Where the visitor wants to go on to afterwards; only a page of ours is kept."""
    return local_path(request.query_params.get("back", "")[:LONGEST_PATH], "")


def welcome(request: AnyRequest, done: PageSignIn, back: str, notice: str = "signed-in") -> Response[bytes]:
    """Go where the visitor came from, with the new session."""
    home = "/admin" if done.person.kind == "staff" else "/account"
    return signed_in_response(request, done.cookie, local_path(back, home), notice)


def hand_over(request: AnyRequest, problem: Problem, back: str) -> Response[bytes] | None:
    """The page of the second factor, when that is what is missing."""
    return ask_second_factor(request, problem, back) if isinstance(problem, SecondFactorRequired) else None


async def inbox_response(request: AnyRequest, words: Translator, reason: str, to: str) -> Response[bytes]:
    """Say that a letter is on its way: the same, whoever is known."""
    text = words.gettext(INBOX[reason], to=to)
    return await page_response(request, "people/sign_in/inbox.html", text=text, reason=reason)


def status_of(problem: Problem) -> int:
    """How a form that was refused is answered: 429 for too many tries, else 422."""
    return 429 if isinstance(problem, TooMany) else 422


def problem_words(problem: Problem, words: Translator, field: str = "") -> dict[str, str]:
    """What was wrong, by field of the form; what belongs to none stands beside `field`, or above all."""
    if isinstance(problem, TooMany):
        told = N_("Too many tries failed. Wait a quarter of an hour, then try again.")
        if problem.code == "too_many_codes":
            told = N_("Too many codes were asked for. Use the last one, or wait an hour and ask again.")
        return {"": words.gettext(told)}
    if problem.errors:
        return field_words(_as_in_forms(problem.errors), words)
    return {field: field_words([FieldProblem(field, problem.code, problem.detail)], words)[field]}


_FORM_NAMES: Final = {"currentPassword": "current_password", "newPassword": "new_password"}


def _as_in_forms(problems: Iterable[FieldProblem]) -> list[FieldProblem]:
    return [FieldProblem(_FORM_NAMES.get(one.field, one.field), one.code, one.message) for one in problems]
