"""How a process puts its parts together."""

from __future__ import annotations

import httpx
from litestar import Litestar
from litestar.types import ASGIApp

from pasar.kernel.clock import Clock
from pasar.kernel.config import Settings
from pasar.kernel.crypto import Secrets
from pasar.kernel.crypto.derived import derived_key
from pasar.kernel.db.database import Database
from pasar.kernel.events.recording import register_subscribers
from pasar.kernel.files import Files, local_files, s3_files
from pasar.kernel.http.application import build_application
from pasar.kernel.http.cors import CrossOrigin
from pasar.kernel.http.observing import Observed
from pasar.kernel.rate_limits.limiter import RateLimiter
from pasar.kernel.rate_limits.stores import MemoryCounts, RedisCounts
from pasar.kernel.runtime import Runtime
from pasar.people.audit.public import register_sealer
from pasar.people.companies.public import Directory
from pasar.people.privacy.public import PersonKeys
from pasar.people.sign_in.access_tokens import KEY_PURPOSE
from pasar.people.sign_in.public import SignInAuthenticator
from pasar.roles.catalogue_stock import InventoryStock
from pasar.roles.registry import MODULES, SUBSCRIBERS
from pasar.shop.catalog.stock_keeping import register_stock_keeper
from pasar.web.answering import problem_page

OUTBOUND_SECONDS = 10.0


def open_runtime(settings: Settings, database: Database, clock: Clock) -> Runtime:
    """A runtime with the directory and authenticator that `people` provides."""
    register_subscribers(SUBSCRIBERS)
    register_stock_keeper(InventoryStock())
    secrets = Secrets(
        database,
        clock,
        settings.data_keys,
        former_key=derived_key(settings.secret, KEY_PURPOSE),
        token_seconds=settings.access_token_seconds,
    )
    register_sealer(PersonKeys(secrets), database)
    return Runtime(
        settings=settings,
        database=database,
        clock=clock,
        sites=Directory(database, clock, production=settings.production),
        authenticator=SignInAuthenticator(settings, database, clock, secrets),
        http=httpx.AsyncClient(timeout=OUTBOUND_SECONDS, follow_redirects=False),
        files=files_for(settings),
        secrets=secrets,
        limiter=limiter_for(settings),
    )


def files_for(settings: Settings) -> Files:
    """Files in S3 where there is a bucket, else in a folder of the home."""
    if settings.s3 is not None:
        return s3_files(settings.s3, cdn_base_url=settings.cdn_base_url)
    return local_files(settings.files, cdn_base_url=settings.cdn_base_url)


def limiter_for(settings: Settings) -> RateLimiter:
    """The limiter that counts in Redis where there is one, else in memory."""
    if settings.redis is None:
        return RateLimiter(settings.rate_limit, MemoryCounts())
    # Installations that share a Redis have different secrets.
    namespace = f"pasar:{derived_key(settings.secret, 'rate limits').hex()[:8]}:"
    return RateLimiter(settings.rate_limit, RedisCounts(settings.redis, namespace=namespace))


def assemble(runtime: Runtime) -> Litestar:
    """The application with every module's routes and pages."""
    return build_application(
        runtime, [route for module in MODULES for route in module.routes], error_page=problem_page
    )


def observed(runtime: Runtime, app: Litestar) -> ASGIApp:
    """The application as it is served: watched, with request ids and security headers."""
    settings = runtime.settings
    tells = settings.log_level in {"DEBUG", "INFO"}
    read = CrossOrigin(app, runtime.sites, origins=settings.origins, production=settings.production)
    return Observed(read, production=settings.production, tells=tells, proxies=settings.trusted_proxies)
