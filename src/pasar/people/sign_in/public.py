"""The front door of sign-in."""

from pasar.people.sign_in.authenticator import SignInAuthenticator

__all__ = ["SignInAuthenticator"]
