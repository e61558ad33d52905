"""Which mail server sends our mail, and as whom?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr

SUBMISSION = 587  # STARTTLS (RFC 6409)
SUBMISSIONS = 465  # TLS from the first byte (RFC 8314)


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server. `sender` is the bare address that our mail comes from."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def tls_at_once(self) -> bool:
        """Whether the connection begins with TLS."""
        return self.port == SUBMISSIONS

    @property
    def must_start_tls(self) -> bool:
        """Whether STARTTLS is demanded rather than taken when offered: no password travels in the clear."""
        return not self.tls_at_once and (self.port == SUBMISSION or bool(self.user))


def smtp_from(environ: Mapping[str, str], port: int, problems: list[str]) -> SmtpSettings | None:
    """The server that `SMTP_*` names, None without `SMTP_HOST`. What is wrong is added to `problems`."""
    host = (environ.get("SMTP_HOST") or "").strip()
    if not host:
        return None
    user = (environ.get("SMTP_USER") or "").strip()
    password = environ.get("SMTP_PASSWORD") or environ.get("SMTP_PASS") or ""
    if bool(user) != bool(password):
        problems.append("SMTP_USER and SMTP_PASSWORD: give both, or neither for a server that asks for none.")
    said = environ.get("SMTP_FROM_EMAIL") or environ.get("SMTP_FROM") or user
    sender = parseaddr(said)[1]
    name, at, domain = sender.rpartition("@")
    if not (name and at and domain and sender.isascii() and sender.isprintable() and " " not in sender):
        problems.append(
            f"SMTP_FROM_EMAIL={said}: must be the address that mail comes from, such as shop@example.com."
        )
    return SmtpSettings(host, port, sender, user, password)
