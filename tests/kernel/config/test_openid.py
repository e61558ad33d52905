"""Which providers are configured, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pasar.kernel.config import SettingsError, load_settings
from pasar.kernel.config.openid import OpenIdProvider, acceptable

OWN = {
    "OIDC_PROVIDERS": "corp-id",
    "OIDC_CORP_ID_ISSUER": "https://id.example.com",
    "OIDC_CORP_ID_CLIENT_ID": "pasar",
    "OIDC_CORP_ID_CLIENT_SECRET": "secret",
}


def providers(home: Path, **environ: str) -> tuple[OpenIdProvider, ...]:
    return load_settings({"PASAR_HOME": str(home), **environ}).openid


def test_without_any_there_are_none(tmp_path: Path) -> None:
    assert providers(tmp_path) == ()


def test_google_takes_its_own_two_names(tmp_path: Path) -> None:
    found = providers(tmp_path, GOOGLE_CLIENT_ID="id", GOOGLE_CLIENT_SECRET="secret")
    assert found == (OpenIdProvider("google", "Google", "https://accounts.google.com", "id", "secret"),)


def test_any_other_by_its_name(tmp_path: Path) -> None:
    found = providers(tmp_path, **OWN, OIDC_CORP_ID_LABEL="Our staff")
    assert found == (OpenIdProvider("corp-id", "Our staff", "https://id.example.com", "pasar", "secret"),)
    assert providers(tmp_path, **OWN)[0].label == "Corp Id"


def test_several_keep_their_order(tmp_path: Path) -> None:
    google = {"GOOGLE_CLIENT_ID": "id", "GOOGLE_CLIENT_SECRET": "secret"}
    for names in ("corp-id,google", "google, corp-id,,google"):
        found = providers(tmp_path, **{**OWN, "OIDC_PROVIDERS": names}, **google)
        assert [one.name for one in found] == [
            name for name in dict.fromkeys(names.replace(" ", "").split(",")) if name
        ]


def test_a_secret_is_not_shown(tmp_path: Path) -> None:
    assert "secret" not in repr(providers(tmp_path, **OWN))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"OIDC_CORP_ID_CLIENT_SECRET": ""}, "OIDC_CORP_ID_CLIENT_SECRET"),
        ({"OIDC_CORP_ID_ISSUER": ""}, "OIDC_CORP_ID_ISSUER"),
        ({"OIDC_CORP_ID_ISSUER": "http://id.example.com"}, "OIDC_CORP_ID_ISSUER"),
        ({"OIDC_CORP_ID_ISSUER": "id.example.com"}, "OIDC_CORP_ID_ISSUER"),
        ({"OIDC_PROVIDERS": "../x"}, "OIDC_PROVIDERS"),
        ({"OIDC_PROVIDERS": "other"}, "OIDC_OTHER_ISSUER"),
        ({"GOOGLE_CLIENT_ID": "id"}, "OIDC_GOOGLE_CLIENT_SECRET"),
    ],
)
def test_half_of_a_provider_stops_the_start(tmp_path: Path, changes: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        providers(tmp_path, **{**OWN, **changes})
    assert len(refusal.value.problems) == 1
    assert named in refusal.value.problems[0]


@pytest.mark.parametrize(
    ("address", "outside", "production"),
    [
        ("https://id.example.com/realms/a", True, True),
        ("http://127.0.0.1:4000", True, False),
        ("http://localhost", True, False),
        ("http://localhost.example.com", False, False),
        ("https://user@id.example.com", False, False),
        ("https://", False, False),
        ("https://[", False, False),
        ("ftp://id.example.com", False, False),
        ("https://id.example.com/\n", False, False),
    ],
)
def test_secrets_go_by_tls(address: str, outside: bool, production: bool) -> None:
    assert acceptable(address, production=False) is outside
    assert acceptable(address, production=True) is production
