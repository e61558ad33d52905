"""`Idempotency-Key`: the same call twice is one call, and the second hears the first answer.

The key's row is written in the same transaction as the work. A second call waits on its unique
index until the first has committed (then it repeats the answer) or rolled back (then it does
the work itself).
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from litestar import Request, Response
from litestar.params import HeaderParameter
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch, is_lock_timeout
from pasar.kernel.errors import BadRequest, Conflict, Unprocessable
from pasar.kernel.http.guards import context_of, cookie_of, runtime_of

AnyRequest = Request[Any, Any, Any]
LIFE = timedelta(hours=24)
LONGEST_KEY = 255
DIGEST_LENGTH = 32
REPLAYED = "Idempotency-Replayed"
"""The header of an answer that is told again."""

# A handler's parameter `idempotency_key: IdempotencyKey = None`: it says in the document that the route
# repeats its answer. `once` reads the header itself.
IdempotencyKey: TypeAlias = Annotated[
    str | None,
    HeaderParameter(
        name="idempotency-key",
        required=False,
        max_length=LONGEST_KEY,
        description="Sent again with its key within a day, a call is done once and hears the first answer",
    ),
]

CLAIM = """
INSERT INTO idempotency_keys (company_id, scope, key, request_hash, expires_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (company_id, scope, key) DO UPDATE
   SET request_hash = excluded.request_hash, status = NULL, body = NULL, expires_at = excluded.expires_at,
       created_at = now()
 WHERE idempotency_keys.expires_at < $6
RETURNING 1
"""
STORED = """
SELECT request_hash, status, body FROM idempotency_keys WHERE company_id = $1 AND scope = $2 AND key = $3
"""
FORGET = "DELETE FROM idempotency_keys WHERE right(scope, $1) = $2"
# Keys live for a day, so that few are looked through; the id in an answer is all that leads to it.
FORGET_ABOUT = """
UPDATE idempotency_keys k SET body = convert_to('{}', 'UTF8')
  FROM unnest($1::uuid[], $2::uuid[]) AS known (company_id, id)
 WHERE k.company_id = known.company_id AND k.body IS NOT NULL
   AND position(known.id::text IN convert_from(k.body, 'UTF8')) > 0
"""
STORE = "UPDATE idempotency_keys SET status = $4, body = $5 WHERE company_id = $1 AND scope = $2 AND key = $3"


async def once(
    request: AnyRequest,
    work: Callable[[AsyncSession], Awaitable[Any]],
    *,
    status: int = 201,
    key: str | None = None,
    digest: bytes | None = None,
) -> Response[Any]:
    """Run `work` in one transaction and answer its result, at most once per key.

    The key is the request's `Idempotency-Key` header, or `key` (a form's hidden field). Without
    one, `work` just runs. `digest` tells one body from another where the bytes sent do not: the
    parts of a multipart body, whose boundary is new each time. Raises `Unprocessable` when the key
    was used with another body, and `Conflict` with `Retry-After` when the first call still runs
    after five seconds.
    """
    runtime = runtime_of(request)
    key = key or request.headers.get("idempotency-key")
    if not key:
        async with runtime.database.transaction() as session:
            return Response(
                msgspec.json.encode(await work(session)), status_code=status, media_type="application/json"
            )
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise BadRequest("idempotency_key_malformed", "Idempotency-Key: send up to 255 printable characters.")
    context = context_of(request)
    place = (context.company_id, _scope(request), key)
    digest = digest or hashlib.sha256(await request.body()).digest()
    async with runtime.database.transaction() as session:
        if not await _claim(session, place, digest, runtime.clock.now()):
            return await _repeat(session, place, digest)
        body = msgspec.json.encode(await work(session))
        await fetch(session, STORE, (*place, status, body))
    return Response(body, status_code=status, media_type="application/json")


async def _claim(session: AsyncSession, place: tuple[Any, ...], digest: bytes, now: datetime) -> bool:
    try:
        claimed = await fetch(session, CLAIM, (*place, digest, now + LIFE, now))
    except (asyncpg.LockNotAvailableError, DBAPIError) as problem:
        if is_lock_timeout(problem):
            raise Conflict(
                "still_running",
                "The first call with this Idempotency-Key is still running. Ask again in a moment.",
                headers={"Retry-After": "2"},
            ) from None
        raise
    return bool(claimed)


async def _repeat(session: AsyncSession, place: tuple[Any, ...], digest: bytes) -> Response[Any]:
    ((stored_digest, status, body),) = await fetch(session, STORED, place)
    if bytes(stored_digest) != digest:
        raise Unprocessable(
            "idempotency_key_reused",
            "This Idempotency-Key was used with another body. Send a new key for a new call.",
        )
    return Response(body, status_code=status, media_type="application/json", headers={REPLAYED: "true"})


def _scope(request: AnyRequest) -> str:
    """Keys of one caller never meet another's: the scope is the route and a hash of who calls."""
    context = context_of(request)
    who = (
        str(context.caller.user_id or context.caller.api_key_id or "")
        or request.headers.get("x-session-token")
        or cookie_of(request)
        or ""
    )
    return f"{request.method} {request.scope['path']} {_digest(who)}"


def _digest(who: str) -> str:
    return hashlib.sha256(who.encode()).hexdigest()[:DIGEST_LENGTH]


async def forget_answers(session: AsyncSession, user_id: UUID) -> None:
    """Delete the answers kept for a person: they may hold what was said in them."""
    await fetch(session, FORGET, (DIGEST_LENGTH, _digest(str(user_id))))


async def forget_answers_about(
    session: AsyncSession, company_ids: Sequence[UUID], ids: Sequence[UUID]
) -> None:
    """Empty the answers, whoever they were given to, that tell of the rows `ids`, each at its company.

    Their keys stay used: a repeat is told `{}`, and does nothing a second time.
    """
    await fetch(session, FORGET_ABOUT, (list(company_ids), list(ids)))
