"""How `SMTP_*` becomes a mail server, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pasar.kernel.config import Settings, SettingsError, load_settings
from pasar.kernel.config.smtp import SmtpSettings

BASE = {"SMTP_HOST": "mail.example.com", "SMTP_FROM_EMAIL": "shop@example.com"}


def loaded(tmp_path: Path, **environ: str) -> Settings:
    return load_settings({"PASAR_HOME": str(tmp_path), "JWT_SECRET": "a-secret-for-tests-only", **environ})


@pytest.mark.parametrize(
    ("environ", "server"),
    [
        (BASE, SmtpSettings("mail.example.com", 587, "shop@example.com")),
        (BASE | {"SMTP_PORT": "465"}, SmtpSettings("mail.example.com", 465, "shop@example.com")),
        (
            BASE | {"SMTP_USER": "u", "SMTP_PASSWORD": "p"},
            SmtpSettings("mail.example.com", 587, "shop@example.com", "u", "p"),
        ),
        (
            BASE | {"SMTP_USER": "u", "SMTP_PASS": "p"},
            SmtpSettings("mail.example.com", 587, "shop@example.com", "u", "p"),
        ),
        (
            {"SMTP_HOST": "h", "SMTP_FROM": "My shop <shop@example.com>"},
            SmtpSettings("h", 587, "shop@example.com"),
        ),
        (
            {"SMTP_HOST": "h", "SMTP_USER": "me@example.com", "SMTP_PASS": "p"},
            SmtpSettings("h", 587, "me@example.com", "me@example.com", "p"),
        ),
        ({"SMTP_PORT": "465", "SMTP_FROM": "shop@example.com"}, None),
        ({}, None),
    ],
)
def test_every_name_that_the_documents_use(
    tmp_path: Path, environ: dict[str, str], server: SmtpSettings | None
) -> None:
    assert loaded(tmp_path, **environ).smtp == server


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"SMTP_PORT": "mail"}, "SMTP_PORT=mail"),
        ({"SMTP_PORT": "0"}, "SMTP_PORT=0"),
        ({"SMTP_USER": "u"}, "SMTP_USER and SMTP_PASSWORD"),
        ({"SMTP_PASSWORD": "p"}, "SMTP_USER and SMTP_PASSWORD"),
        ({"SMTP_FROM_EMAIL": ""}, "SMTP_FROM_EMAIL="),
        ({"SMTP_FROM_EMAIL": "shop"}, "SMTP_FROM_EMAIL=shop"),
        ({"SMTP_FROM_EMAIL": "@example.com"}, "SMTP_FROM_EMAIL=@example.com"),
        ({"PASAR_PUBLIC_URL": "shop.example.com"}, "PASAR_PUBLIC_URL=shop"),
        ({"PASAR_PUBLIC_URL": "javascript://x"}, "PASAR_PUBLIC_URL=javascript"),
    ],
)
def test_what_is_refused(tmp_path: Path, change: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, **BASE | change)

    assert [problem for problem in refused.value.problems if problem.startswith(told)]


def test_the_password_is_never_shown(tmp_path: Path) -> None:
    settings = loaded(tmp_path, **BASE, SMTP_USER="u", SMTP_PASSWORD="never shown")

    assert "never shown" not in repr(settings)
    assert (
        loaded(tmp_path, PASAR_PUBLIC_URL="https://shop.example.com/").public_url
        == "https://shop.example.com"
    )
