"""How the environment becomes settings, and what it is refused for."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pasar import __version__
from pasar.kernel.config.data_keys import ADVICE, ROOT_KEY_BYTES, RootKey, root_keys_from
from pasar.kernel.config.edge import origins_from, proxies_from, rate_limit_from
from pasar.kernel.config.openid import openid_from
from pasar.kernel.config.settings import Environment, Settings, SettingsError
from pasar.kernel.config.smtp import SUBMISSION, smtp_from
from pasar.kernel.config.stores import REDIS_PORT, RedisSettings, redis_from, s3_from
from pasar.kernel.db.addresses import DatabaseAddress, DatabaseAddressError, address_from_environment

LOG_LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
MINIMUM_SECRET_BYTES = 32
MINIMUM_PASSWORD_LENGTH = 20
# As long as a refresh token. What ended is remembered for a day longer (`people/sign_in/jobs.py`).
LONGEST_TOKEN_LIFE = 30 * 86400

# Printed in the deployment documents that operators copy from: public, however long they are.
PUBLISHED_SECRETS = frozenset(
    {
        "your-super-secret-jwt-key-change-in-production",
        "GENERATE_256_BIT_RANDOM_SECRET_HERE",
        "<strong-random-secret-min-32-chars>",
        "your-secret-key",
        "your-password",
        "<secure-password>",
        "STRONG_PASSWORD",
        "your-redis-password",
    }
)


def load_settings(environ: Mapping[str, str], *, generate_secrets: bool = True) -> Settings:
    """Read settings from `environ`.

    Outside production a missing secret is generated once and kept in `PASAR_HOME/secrets`
    (mode 0600). Raises `SettingsError` with a line for every problem found, not only the first.
    """
    reader = _Reader(environ)
    environment = reader.environment()
    home = Path(environ.get("PASAR_HOME") or ".pasar").resolve()
    host = reader.host(environment)
    own_machine = environment is not Environment.PRODUCTION and _is_loopback(host)
    settings = Settings(
        environment=environment,
        home=home,
        host=host,
        port=reader.whole_number("PORT", 8000, 0, 65535),
        service_name=environ.get("SERVICE_NAME") or "pasar",
        version=environ.get("APP_VERSION") or __version__,
        secret=reader.secret(environment, home, generate_secrets),
        data_keys=reader.data_keys(environment, home, generate_secrets),
        database=reader.database(environment),
        log_level=reader.log_level(),
        log_format=reader.choice(
            "LOG_FORMAT", "json" if environment is Environment.PRODUCTION else "console", ("json", "console")
        ),
        demo_password=environ.get("PASAR_DEMO_PASSWORD") or None,
        metrics_token=environ.get("METRICS_TOKEN") or None,
        cdn_base_url=(environ.get("CDN_BASE_URL") or "").rstrip("/"),
        access_token_seconds=reader.token_life(),
        code_minutes=reader.whole_number("OTP_EXPIRY_MINUTES", 5, 1, 60),
        smtp=smtp_from(environ, reader.whole_number("SMTP_PORT", SUBMISSION, 1, 65535), reader.problems),
        public_url=reader.public_url(),
        security_contact=reader.security_contact(),
        openid=openid_from(environ, reader.problems, production=environment is Environment.PRODUCTION),
        trusted_proxies=proxies_from(environ, reader.problems),
        origins=origins_from(environ, reader.problems),
        rate_limit=rate_limit_from(environ, reader.problems, own_machine=own_machine),
        redis=reader.redis(environment),
        s3=s3_from(environ, reader.problems),
    )
    if reader.problems:
        raise SettingsError(reader.problems)
    return settings


class _Reader:
    """Reads variables and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def environment(self) -> Environment:
        said = {
            name: self.environ[name].strip().lower()
            for name in ("PASAR_ENV", "NODE_ENV", "ENVIRONMENT")
            if self.environ.get(name)
        }
        production = {name for name, value in said.items() if value in {"production", "prod"}}
        if production and len(production) < len(said):
            told = ", ".join(f"{name}={value}" for name, value in said.items())
            self.problems.append(f"{told}: these disagree. Give them the same value, or only set PASAR_ENV.")
        own = said.get("PASAR_ENV")
        if own is not None and own not in {"development", "production", "prod", "test"}:
            self.problems.append(f"PASAR_ENV={own}: must be development or production.")
        return Environment.PRODUCTION if production else Environment.DEVELOPMENT

    def host(self, environment: Environment) -> str:
        host = self.environ.get("HOST") or "127.0.0.1"
        if (
            environment is not Environment.PRODUCTION
            and not _is_loopback(host)
            and self.environ.get("PASAR_PUBLIC_DEV") != "1"
        ):
            self.problems.append(
                f"HOST={host}: outside production Pasar listens on this machine only, because its demo "
                "logins would be public. "
                "Set PASAR_ENV=production, or PASAR_PUBLIC_DEV=1 if that is what you want."
            )
        return host

    def whole_number(self, name: str, default: int, least: int, most: int) -> int:
        text = (self.environ.get(name) or "").strip()
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            self.problems.append(f"{name}={text}: must be a whole number from {least} to {most}.")
            return default
        return int(text)

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = (self.environ.get(name) or default).strip().lower()
        if value not in allowed:
            self.problems.append(f"{name}={value}: must be one of {', '.join(allowed)}.")
            return default
        return value

    def log_level(self) -> str:
        level = (self.environ.get("LOG_LEVEL") or "INFO").strip().upper()
        if level not in LOG_LEVELS:
            self.problems.append(f"LOG_LEVEL={level}: must be one of {', '.join(sorted(LOG_LEVELS))}.")
            return "INFO"
        return level

    def token_life(self) -> int:
        hours = self.environ.get("JWT_EXPIRY_HOURS")
        if hours:
            return self.whole_number("JWT_EXPIRY_HOURS", 1, 1, 24 * 30) * 3600
        text = (self.environ.get("JWT_EXPIRES_IN") or "").strip().lower()
        if not text:
            return 15 * 60
        unit = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(text[-1])
        number = text[:-1] if unit else text
        seconds = int(number) * (unit or 1) if number.isascii() and number.isdigit() else 0
        if not 0 < seconds <= LONGEST_TOKEN_LIFE:
            self.problems.append(f"JWT_EXPIRES_IN={text}: write it as 900, 15m, 24h or 7d, 30d at most.")
            return 15 * 60
        return seconds

    def public_url(self) -> str:
        value = (self.environ.get("PASAR_PUBLIC_URL") or "").strip().rstrip("/")
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.netloc or not value.isprintable()):
            self.problems.append(
                f"PASAR_PUBLIC_URL={value}: must be an address such as https://shop.example.com."
            )
        return value

    def security_contact(self) -> str:
        """Where holes are reported, as RFC 9116 wants it: an address by `mailto:` or `https:`, or nothing."""
        value = (self.environ.get("SECURITY_CONTACT") or "").strip()
        uri = f"mailto:{value}" if re.fullmatch(r"[^\s@:/]+@[^\s@:/]+", value) else value
        if value and not re.fullmatch(r"(mailto:[^\s@]+@|https://)[!-~]+", uri):
            self.problems.append(
                f"SECURITY_CONTACT={value}: must be an e-mail address, or a page that begins with https://."
            )
            return ""
        return uri

    def database(self, environment: Environment) -> DatabaseAddress | None:
        try:
            address = address_from_environment(self.environ)
        except DatabaseAddressError as problem:
            self.problems.append(str(problem))
            return None
        if environment is not Environment.PRODUCTION:
            return address
        if address is None:
            self.problems.append(
                "DATABASE_URL is missing: production needs a PostgreSQL of its own, 15 or newer."
            )
        elif address.password is not None and _weak(address.password, MINIMUM_PASSWORD_LENGTH):
            name = "DATABASE_URL" if self.environ.get("DATABASE_URL") else "POSTGRES_PASSWORD"
            self.problems.append(
                f"{name}: the database password is weak; "
                f"give it {MINIMUM_PASSWORD_LENGTH} random characters or more."
            )
        return address

    def redis(self, environment: Environment) -> RedisSettings | None:
        port = self.whole_number("REDIS_PORT", REDIS_PORT, 1, 65535)
        redis = redis_from(self.environ, port, self.problems)
        own = self.environ.get("REDIS_PASSWORD")
        password = redis.password if redis and redis.password else own
        if environment is Environment.PRODUCTION and password and _weak(password, MINIMUM_PASSWORD_LENGTH):
            name = "REDIS_PASSWORD" if password == own else "REDIS_URL: the password"
            self.problems.append(
                f"{name} is weak; give it {MINIMUM_PASSWORD_LENGTH} random characters or more."
            )
        return redis

    def secret(self, environment: Environment, home: Path, generate: bool) -> str:
        value = self.environ.get("JWT_SECRET") or ""
        advice = "make one with: openssl rand -base64 48"
        if environment is Environment.PRODUCTION:
            if not value:
                self.problems.append(f"JWT_SECRET is missing: production needs one; {advice}")
            elif _weak(value, MINIMUM_SECRET_BYTES):
                self.problems.append(
                    f"JWT_SECRET is weak: it must have {MINIMUM_SECRET_BYTES} bytes or more and must not be "
                    f"one that is printed in a document; {advice}"
                )
            return value
        if value or not generate:
            return value or secrets.token_urlsafe(48)
        return kept_secret(home, "jwt_secret")

    def data_keys(self, environment: Environment, home: Path, generate: bool) -> tuple[RootKey, ...]:
        value = (self.environ.get("PASAR_DATA_KEYS") or "").strip()
        if value:
            return root_keys_from(value, self.problems)
        if environment is Environment.PRODUCTION:
            self.problems.append(f"PASAR_DATA_KEYS is missing: production needs one or more; {ADVICE}")
            return ()
        made = (
            kept_secret(home, "data_key", ROOT_KEY_BYTES)
            if generate
            else secrets.token_urlsafe(ROOT_KEY_BYTES)
        )
        return root_keys_from(f"local:{made}", self.problems)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _weak(value: str, least: int) -> bool:
    return len(value.encode()) < least or value in PUBLISHED_SECRETS or len(set(value)) < 8


def kept_secret(home: Path, name: str, random_bytes: int = 48) -> str:
    """The local secret `name`, made on first use and kept in `home/secrets` (0600).

    It is written aside and then linked to its name, so that whoever else starts at the same
    moment, or after a crash in the middle, never reads an empty one.
    """
    folder = home / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists():
        descriptor, fresh = tempfile.mkstemp(dir=folder, prefix=f".{name}-")  # 0600
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(random_bytes))
            path.hardlink_to(fresh)
        except FileExistsError:
            pass  # somebody else was first: theirs is the one
        finally:
            Path(fresh).unlink()
    return path.read_text().strip()
