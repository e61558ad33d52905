"""The pages of sign-in, gathered: each subject has a file of its own."""

from __future__ import annotations

from pasar.people.sign_in.pages_account import ACCOUNT_PAGES
from pasar.people.sign_in.pages_passwords import PASSWORD_PAGES
from pasar.people.sign_in.pages_register import REGISTER_PAGES
from pasar.people.sign_in.pages_sign_in import SIGN_IN_OUT_PAGES

__all__ = ["SIGN_IN_PAGES"]

SIGN_IN_PAGES = (*SIGN_IN_OUT_PAGES, *REGISTER_PAGES, *PASSWORD_PAGES, *ACCOUNT_PAGES)
