"""The front door of sign-in."""

from pasar.people.sign_in.actions.end_page_session import end_page_session
from pasar.people.sign_in.actions.start_page_session import PAGE_SESSION_LIFE, start_page_session
from pasar.people.sign_in.attaching import AttachGuest, AttachHook, register_attach_hook
from pasar.people.sign_in.authenticator import SignInAuthenticator
from pasar.people.sign_in.person import SignedIn
from pasar.people.sign_in.registering import Registration, register_on_page, register_user, registration
from pasar.people.sign_in.signing_in import PageSignIn, sign_in_with_password

__all__ = [
    "PAGE_SESSION_LIFE",
    "AttachGuest",
    "AttachHook",
    "PageSignIn",
    "Registration",
    "SignInAuthenticator",
    "SignedIn",
    "end_page_session",
    "register_attach_hook",
    "register_on_page",
    "register_user",
    "registration",
    "sign_in_with_password",
    "start_page_session",
]
