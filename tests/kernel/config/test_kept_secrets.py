"""The secret of a local installation: made once, private, the same ever after."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pasar.kernel.config import kept_secret, load_settings


def test_a_missing_secret_is_made_and_kept(tmp_path: Path) -> None:
    first = load_settings({"PASAR_HOME": str(tmp_path / "home")})
    second = load_settings({"PASAR_HOME": str(tmp_path / "home")})

    assert len(first.secret) >= 64
    assert second.secret == first.secret
    assert load_settings({"PASAR_HOME": str(tmp_path / "other")}).secret != first.secret


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    kept_secret(tmp_path, "jwt_secret")

    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "secrets" / "jwt_secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["jwt_secret"]


def test_twenty_who_start_at_once_share_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(20) as hands:
        secrets = set(hands.map(lambda _: kept_secret(tmp_path, "jwt_secret"), range(20)))

    assert len(secrets) == 1
    assert secrets != {""}


def test_a_given_secret_is_used_and_not_kept(tmp_path: Path) -> None:
    data_key = base64.b64encode(bytes(range(32))).decode()
    settings = load_settings(
        {"PASAR_HOME": str(tmp_path), "JWT_SECRET": "mine", "PASAR_DATA_KEYS": f"k1:{data_key}"}
    )

    assert settings.secret == "mine"
    assert [key.id for key in settings.data_keys] == ["k1"]
    assert not (tmp_path / "secrets").exists()
