"""What the environment is refused for: one row a story, and every row says which variable to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from pasar.kernel.config import Environment, SettingsError, load_settings

SECRET = "q8Zr1VtW5xYb2LmN7pKd4HsJ9cFgT0eU3aRiOw6"
PASSWORD = "k3Vq9ZtX7mBw2LrN5pYd"
URL = f"postgresql://shop:{PASSWORD}@db.internal:5432/pasar"
DATA_KEY = "jEHkHJzXbPz0kMVb3gNDR3K7Jj1T0g2CkOoFyJq4x1E="
PRODUCTION = {
    "PASAR_ENV": "production",
    "JWT_SECRET": SECRET,
    "PASAR_DATA_KEYS": f"k1:{DATA_KEY}",
    "DATABASE_URL": URL,
}
DEVELOPMENT: dict[str, str] = {}

REFUSED: list[tuple[str, dict[str, str], dict[str, str], str]] = [
    ("no secret", PRODUCTION, {"JWT_SECRET": ""}, "JWT_SECRET is missing"),
    ("short secret", PRODUCTION, {"JWT_SECRET": SECRET[:31]}, "JWT_SECRET is weak"),
    ("one letter", PRODUCTION, {"JWT_SECRET": "a" * 64}, "JWT_SECRET is weak"),
    ("seven letters", PRODUCTION, {"JWT_SECRET": "abcdefg" * 8}, "JWT_SECRET is weak"),
    (
        "the group-buying sheet's secret",
        PRODUCTION,
        {"JWT_SECRET": "your-super-secret-jwt-key-change-in-production"},
        "JWT_SECRET is weak",
    ),
    (
        "the trackdesk sheet's secret",
        PRODUCTION,
        {"JWT_SECRET": "GENERATE_256_BIT_RANDOM_SECRET_HERE"},
        "JWT_SECRET is weak",
    ),
    (
        "the platform sheet's secret",
        PRODUCTION,
        {"JWT_SECRET": "<strong-random-secret-min-32-chars>"},
        "JWT_SECRET is weak",
    ),
    ("no data key", PRODUCTION, {"PASAR_DATA_KEYS": ""}, "PASAR_DATA_KEYS is missing"),
    ("a data key without id", PRODUCTION, {"PASAR_DATA_KEYS": DATA_KEY}, "PASAR_DATA_KEYS: entry 1 must be"),
    ("a short data key", PRODUCTION, {"PASAR_DATA_KEYS": "k1:c2hvcnQ="}, "PASAR_DATA_KEYS: entry 1 must be"),
    ("a long data key", PRODUCTION, {"PASAR_DATA_KEYS": "k1:" + "qZ8r" * 11}, "entry 1 must be"),
    ("no base64", PRODUCTION, {"PASAR_DATA_KEYS": "k1:" + "*" * 43}, "PASAR_DATA_KEYS: entry 1 must be"),
    ("a typed data key", PRODUCTION, {"PASAR_DATA_KEYS": "k1:" + "A" * 43}, "key k1 is weak"),
    ("an id twice", PRODUCTION, {"PASAR_DATA_KEYS": f"k1:{DATA_KEY},k1:{DATA_KEY}"}, "k1 is there twice"),
    ("an empty entry", PRODUCTION, {"PASAR_DATA_KEYS": f"k1:{DATA_KEY},"}, "entry 2 must be"),
    ("a bad one here, too", DEVELOPMENT, {"PASAR_DATA_KEYS": "k1:nonsense"}, "entry 1 must be"),
    ("no database", PRODUCTION, {"DATABASE_URL": ""}, "DATABASE_URL is missing"),
    (
        "weak database password",
        PRODUCTION,
        {"DATABASE_URL": "postgresql://prod_user:STRONG_PASSWORD@db:5432/trackdesk_prod"},
        "DATABASE_URL: the database password is weak",
    ),
    (
        "weak password of POSTGRES_*",
        PRODUCTION,
        {"DATABASE_URL": "", "POSTGRES_HOST": "db", "POSTGRES_PASSWORD": "<secure-password>"},
        "POSTGRES_PASSWORD: the database password is weak",
    ),
    ("weak redis", PRODUCTION, {"REDIS_PASSWORD": "your-redis-password"}, "REDIS_PASSWORD is weak"),
    ("not a database", PRODUCTION, {"DATABASE_URL": "mysql://a:b@c/d"}, "DATABASE_URL must begin with"),
    ("PASAR_ENV misspelt", DEVELOPMENT, {"PASAR_ENV": "prodution"}, "PASAR_ENV=prodution: must be"),
    ("PASAR_ENV against NODE_ENV", PRODUCTION, {"NODE_ENV": "development"}, "these disagree"),
    ("ENVIRONMENT against PASAR_ENV", PRODUCTION, {"ENVIRONMENT": "staging"}, "these disagree"),
    (
        "NODE_ENV against PASAR_ENV",
        DEVELOPMENT,
        {**PRODUCTION, "PASAR_ENV": "development", "NODE_ENV": "production"},
        "PASAR_ENV=development, NODE_ENV=production: these disagree",
    ),
    ("all addresses", DEVELOPMENT, {"HOST": "0.0.0.0"}, "HOST=0.0.0.0: outside production"),
    ("all addresses, IPv6", DEVELOPMENT, {"HOST": "::"}, "HOST=::: outside production"),
    ("a name that only begins like loopback", DEVELOPMENT, {"HOST": "127.example.com"}, "HOST=127.example"),
    ("port in words", DEVELOPMENT, {"PORT": "eighty"}, "PORT=eighty: must be a whole number"),
    ("port too large", DEVELOPMENT, {"PORT": "65536"}, "PORT=65536: must be a whole number from 0 to 65535"),
    ("port below zero", DEVELOPMENT, {"PORT": "-1"}, "PORT=-1"),
    ("port in other digits", DEVELOPMENT, {"PORT": "٨٠٠٠"}, "PORT=٨٠٠٠"),
    ("token life in words", DEVELOPMENT, {"JWT_EXPIRES_IN": "week"}, "JWT_EXPIRES_IN=week"),
    ("token life of nothing", DEVELOPMENT, {"JWT_EXPIRES_IN": "0m"}, "JWT_EXPIRES_IN=0m"),
    ("token life without number", DEVELOPMENT, {"JWT_EXPIRES_IN": "h"}, "JWT_EXPIRES_IN=h"),
    ("token life with a raised two", DEVELOPMENT, {"JWT_EXPIRES_IN": "²h"}, "JWT_EXPIRES_IN=²h"),
    ("token life beyond a refresh token's", DEVELOPMENT, {"JWT_EXPIRES_IN": "31d"}, "JWT_EXPIRES_IN=31d"),
    ("hours too many", DEVELOPMENT, {"JWT_EXPIRY_HOURS": "721"}, "JWT_EXPIRY_HOURS=721"),
    ("hours of nothing", DEVELOPMENT, {"JWT_EXPIRY_HOURS": "0"}, "JWT_EXPIRY_HOURS=0"),
    ("log level", DEVELOPMENT, {"LOG_LEVEL": "loud"}, "LOG_LEVEL=LOUD: must be one of"),
    ("log format", DEVELOPMENT, {"LOG_FORMAT": "xml"}, "LOG_FORMAT=xml: must be one of json, console"),
    ("database port", DEVELOPMENT, {"POSTGRES_HOST": "db", "POSTGRES_PORT": "5432x"}, "POSTGRES_PORT=5432x"),
]


@pytest.mark.parametrize(
    ("base", "changed", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_refused(tmp_path: Path, base: dict[str, str], changed: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings({"PASAR_HOME": str(tmp_path), **base, **changed})

    assert len(refusal.value.problems) == 1
    assert told in refusal.value.problems[0]


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings({"PASAR_HOME": str(tmp_path), "PASAR_ENV": "production", "PORT": "x", "LOG_LEVEL": "x"})

    assert [problem.split()[0].split("=")[0] for problem in refusal.value.problems] == [
        "PORT",
        "JWT_SECRET",
        "PASAR_DATA_KEYS",
        "DATABASE_URL",
        "LOG_LEVEL",
    ]


def test_refusals_never_repeat_a_secret(tmp_path: Path) -> None:
    weak = {
        "DATABASE_URL": "postgresql://shop:hunter2@db/pasar?sslmode=sideways",
        "JWT_SECRET": "tiny-secret",
        "PASAR_DATA_KEYS": "k1:YS10eXBlZC1kYXRhLWtleQ==",
    }
    with pytest.raises(SettingsError) as refusal:
        load_settings({**PRODUCTION, "PASAR_HOME": str(tmp_path), **weak})

    assert "hunter2" not in str(refusal.value)
    assert "tiny-secret" not in str(refusal.value)
    assert "YS10eXBlZC1kYXRhLWtleQ" not in str(refusal.value)


TOKEN_LIVES = [
    ({}, 15 * 60),
    ({"JWT_EXPIRES_IN": "900"}, 900),
    ({"JWT_EXPIRES_IN": "90s"}, 90),
    ({"JWT_EXPIRES_IN": "15m"}, 900),
    ({"JWT_EXPIRES_IN": "24h"}, 86_400),
    ({"JWT_EXPIRES_IN": "7d"}, 604_800),
    ({"JWT_EXPIRES_IN": " 1H "}, 3_600),
    ({"JWT_EXPIRY_HOURS": "24"}, 86_400),
    ({"JWT_EXPIRY_HOURS": "1", "JWT_EXPIRES_IN": "7d"}, 3_600),
]


@pytest.mark.parametrize(("environ", "seconds"), TOKEN_LIVES)
def test_how_long_a_token_lives(tmp_path: Path, environ: dict[str, str], seconds: int) -> None:
    settings = load_settings({"PASAR_HOME": str(tmp_path), "JWT_SECRET": SECRET, **environ})

    assert settings.access_token_seconds == seconds


ENVIRONMENTS = [
    ({}, Environment.DEVELOPMENT),
    ({"PASAR_ENV": "test"}, Environment.DEVELOPMENT),
    ({"NODE_ENV": "development"}, Environment.DEVELOPMENT),
    ({"PASAR_ENV": "production"}, Environment.PRODUCTION),
    ({"PASAR_ENV": "prod"}, Environment.PRODUCTION),
    ({"NODE_ENV": "production"}, Environment.PRODUCTION),
    ({"NODE_ENV": "production", "ENVIRONMENT": "PRODUCTION"}, Environment.PRODUCTION),
    ({"NODE_ENV": "production", "PASAR_ENV": "prod"}, Environment.PRODUCTION),
]


@pytest.mark.parametrize(("environ", "environment"), ENVIRONMENTS)
def test_which_environment(tmp_path: Path, environ: dict[str, str], environment: Environment) -> None:
    settings = load_settings({**PRODUCTION, "PASAR_HOME": str(tmp_path), "PASAR_ENV": "", **environ})

    assert settings.environment is environment
    assert settings.log_format == ("json" if environment is Environment.PRODUCTION else "console")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.0.1"])
def test_loopback_is_welcome_everywhere(tmp_path: Path, host: str) -> None:
    assert load_settings({"PASAR_HOME": str(tmp_path), "HOST": host}).host == host


@pytest.mark.parametrize("base", [{"PASAR_PUBLIC_DEV": "1"}, PRODUCTION])
def test_all_addresses_when_that_is_what_one_wants(tmp_path: Path, base: dict[str, str]) -> None:
    assert load_settings({"PASAR_HOME": str(tmp_path), "HOST": "0.0.0.0", **base}).host == "0.0.0.0"


def test_settings_never_print_their_secrets(tmp_path: Path) -> None:
    settings = load_settings({**PRODUCTION, "PASAR_HOME": str(tmp_path), "METRICS_TOKEN": "m3trics"})

    for secret in (SECRET, PASSWORD, "m3trics", DATA_KEY, repr(settings.data_keys[0].key)):
        assert secret not in repr(settings)
