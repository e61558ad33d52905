"""Which stores beside the database are there: Redis for figures that processes share, S3 for files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

REDIS_PORT: Final = 6379
DEFAULT_REGION: Final = "us-east-1"
BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class RedisSettings:
    """Where Redis answers. `url` may hold a password; `place` never does."""

    url: str = field(repr=False)
    place: str
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class S3Settings:
    """A bucket. Without keys the machine's own role is used; without `endpoint`, Amazon's servers."""

    bucket: str
    region: str = DEFAULT_REGION
    endpoint: str | None = None
    key_id: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)

    @property
    def place(self) -> str:
        """How people name it."""
        return f"{self.bucket} at {self.endpoint or f'S3 in {self.region}'}"


def redis_from(environ: Mapping[str, str], port: int, problems: list[str]) -> RedisSettings | None:
    """The Redis of `REDIS_URL`, else of `REDIS_HOST`, `port` and `REDIS_PASSWORD`; None without either."""
    own = environ.get("REDIS_PASSWORD") or None
    url = (environ.get("REDIS_URL") or "").strip()
    if not url:
        host = (environ.get("REDIS_HOST") or "").strip()
        if not host:
            return None
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return RedisSettings(f"redis://{place}", place, own)
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"redis", "rediss", "unix"} and (parts.hostname or parts.scheme == "unix")
        place = parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or REDIS_PORT}"
    except ValueError:
        known, place = False, ""
    if not known:  # its text is not told: it may hold the password
        problems.append("REDIS_URL must be an address such as redis://:password@redis:6379/0.")
        return None
    password = unquote(parts.password) if parts.password else own
    return RedisSettings(url, place, password)


def s3_from(environ: Mapping[str, str], problems: list[str]) -> S3Settings | None:
    """The bucket of `S3_BUCKET` or `AWS_S3_BUCKET`, None without. What is wrong is added to `problems`."""
    said = {
        name: environ[name].strip()
        for name in ("S3_BUCKET", "AWS_S3_BUCKET")
        if (environ.get(name) or "").strip()
    }
    key_id, secret = environ.get("AWS_ACCESS_KEY_ID") or None, environ.get("AWS_SECRET_ACCESS_KEY") or None
    endpoint = (environ.get("AWS_ENDPOINT_URL") or "").strip().rstrip("/") or None
    region = (environ.get("AWS_REGION") or "").strip() or DEFAULT_REGION
    if not said:  # other programs may have set the rest, for themselves
        return None
    if len(set(said.values())) > 1:
        problems.append("S3_BUCKET and AWS_S3_BUCKET name two buckets. Set one of them.")
    bucket = next(iter(said.values()))
    if not BUCKET.fullmatch(bucket):
        problems.append(f"{next(iter(said))}={bucket}: this is no name of a bucket.")
    if (key_id is None) != (secret is None):
        problems.append(
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: give both, or neither to use the machine's role."
        )
    if endpoint is not None and (
        urlsplit(endpoint).scheme not in {"http", "https"} or not urlsplit(endpoint).netloc
    ):
        problems.append(
            f"AWS_ENDPOINT_URL={endpoint}: must be an address such as https://s3.eu-central-1.amazonaws.com."
        )
    return S3Settings(bucket, region, endpoint, key_id, secret)
