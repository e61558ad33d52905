"""What can be set, with its type and its meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pasar.kernel.config.data_keys import RootKey
from pasar.kernel.config.edge import Networks, RateLimitSettings
from pasar.kernel.config.openid import OpenIdProvider
from pasar.kernel.config.smtp import SmtpSettings
from pasar.kernel.config.stores import RedisSettings, S3Settings
from pasar.kernel.db.addresses import DatabaseAddress


class Environment(StrEnum):
    """Where this process runs; production refuses what is convenient elsewhere."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class SettingsError(Exception):
    """Settings that Pasar cannot start with.

    `problems` holds one line each, which names the variable and says what to do.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides. Names of variables stand in `docs/settings.md`."""

    environment: Environment
    home: Path
    host: str
    port: int
    service_name: str
    version: str
    secret: str = field(repr=False)
    database: DatabaseAddress | None = field(repr=False)
    data_keys: tuple[RootKey, ...] = field(repr=False)
    log_level: str = "INFO"
    log_format: str = "console"
    demo_password: str | None = field(default=None, repr=False)
    metrics_token: str | None = field(default=None, repr=False)
    cdn_base_url: str = ""
    access_token_seconds: int = 15 * 60
    code_minutes: int = 5
    smtp: SmtpSettings | None = None
    public_url: str = ""
    security_contact: str = ""
    openid: tuple[OpenIdProvider, ...] = ()
    trusted_proxies: Networks = field(default_factory=Networks)
    origins: frozenset[str] = frozenset()
    rate_limit: RateLimitSettings = field(default_factory=RateLimitSettings)
    redis: RedisSettings | None = None
    s3: S3Settings | None = None

    @property
    def production(self) -> bool:
        """Whether this is production."""
        return self.environment is Environment.PRODUCTION

    @property
    def files(self) -> Path:
        """The folder of stored files, when no object store is configured."""
        return self.home / "files"
