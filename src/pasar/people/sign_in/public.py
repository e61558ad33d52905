"""The front door of sign-in."""

from pasar.people.sign_in.actions.end_page_session import end_page_session
from pasar.people.sign_in.actions.revoke_at_company import revoke_at_company, sign_out_at_company
from pasar.people.sign_in.actions.start_page_session import PAGE_SESSION_LIFE, start_page_session
from pasar.people.sign_in.attaching import AttachGuest, AttachHook, register_attach_hook
from pasar.people.sign_in.authenticator import SignInAuthenticator
from pasar.people.sign_in.page_words import field_words
from pasar.people.sign_in.passwords import hash_password
from pasar.people.sign_in.person import SignedIn
from pasar.people.sign_in.proof_kinds import ProofKind
from pasar.people.sign_in.proofs.letters import Letter, letter_of
from pasar.people.sign_in.proofs.mint_secret import Minted, mint_secret
from pasar.people.sign_in.registering import Registration, register_on_page, register_user, registration
from pasar.people.sign_in.signing_in import PageSignIn, sign_in_with_password

__all__ = [
    "PAGE_SESSION_LIFE",
    "AttachGuest",
    "AttachHook",
    "Letter",
    "Minted",
    "PageSignIn",
    "ProofKind",
    "Registration",
    "SignInAuthenticator",
    "SignedIn",
    "end_page_session",
    "field_words",
    "hash_password",
    "letter_of",
    "mint_secret",
    "register_attach_hook",
    "register_on_page",
    "register_user",
    "registration",
    "revoke_at_company",
    "sign_in_with_password",
    "sign_out_at_company",
    "start_page_session",
]
