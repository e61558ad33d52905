"""What does a page say when something went wrong? What happened, what to do, and the request's id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pasar.kernel.i18n import N_, translator
from pasar.web.page import PageContext
from pasar.web.rendering import render


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """The words for one status, as message ids."""

    heading: str
    what_happened: str
    what_to_do: str
    action_label: str = N_("Back to the shop")
    action_path: str = "/"


_UNKNOWN = ErrorWords(
    N_("This did not work"),
    N_("The page could not be shown as you asked for it."),
    N_("Go back and try again. If it happens again, please tell us."),
)

WORDS: Mapping[int, ErrorWords] = {
    401: ErrorWords(
        N_("Please sign in"),
        N_("This page is for people with an account."),
        N_("Sign in and you will come back here."),
        N_("Sign in"),
        "/sign-in",
    ),
    403: ErrorWords(
        N_("This door is closed"),
        N_("Your account may not open this page, or the form was open for too long."),
        N_("Go back, load the page again and repeat the last step. Ask an administrator if you need access."),
    ),
    404: ErrorWords(
        N_("We cannot find this page"),
        N_("The address may be mistyped, or what was here has moved on."),
        N_("Check the address, or look for it from the front page of the shop."),
    ),
    409: ErrorWords(
        N_("Something changed meanwhile"),
        N_("Someone or something else changed this after you opened the page."),
        N_("Load the page again, look at what is new, and repeat your step."),
    ),
    429: ErrorWords(
        N_("A little slower, please"),
        N_("There were many attempts in a short time."),
        N_("Wait a few minutes and try again. Nothing of yours was lost."),
    ),
    500: ErrorWords(
        N_("Something broke on our side"),
        N_("This was our mistake, and it has been noted."),
        N_("Try again in a moment. Nothing was charged unless you received a confirmation."),
    ),
    503: ErrorWords(
        N_("We will be right back"),
        N_("The shop cannot reach its books for a moment."),
        N_("Try again in a few seconds. Your cart is safe."),
    ),
}


def error_page(status: int, page: PageContext, what_happened: str | None = None) -> str:
    """The page for ``status``; ``what_happened``, in the page's language, replaces the general sentence."""
    words = WORDS.get(status, WORDS[500] if status >= 500 else _UNKNOWN)
    say = translator(page.locale).gettext
    return render(
        "errors/error.html",
        page,
        status=status,
        heading=say(words.heading),
        what_happened=what_happened or say(words.what_happened),
        what_to_do=say(words.what_to_do),
        action_label=say(words.action_label),
        action_path=words.action_path,
    )
