"""What sign-in tidies up by the clock."""

from __future__ import annotations

from pasar.kernel.jobs import Schedule
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.openid.attempts import forget_attempts

# A row outlives every access token that was issued with it, so that a revoked sign-in stays revoked.
FORGET_TOKENS = "DELETE FROM refresh_tokens WHERE expires_at < now() - interval '1 day'"
# What a person sees among the past sign-ins for a quarter of a year.
FORGET_SIGN_INS = """
DELETE FROM sign_ins s
 WHERE s.last_seen_at < now() - interval '90 days'
   AND NOT EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.family = s.id)
   AND NOT EXISTS (SELECT 1 FROM page_sessions p WHERE p.sign_in_id = s.id)
"""
FORGET_SESSIONS = "DELETE FROM page_sessions WHERE expires_at < now()"
# An access token lives for 30 days at most (`kernel/config/loading.py`).
FORGET_ENDED = "DELETE FROM ended_sign_ins WHERE ended_at < now() - interval '31 days'"


async def forget_what_is_over(runtime: Runtime) -> None:
    """Delete refresh tokens and page sessions that have expired."""
    await runtime.database.rows(FORGET_TOKENS)
    await runtime.database.rows(FORGET_SESSIONS)
    await runtime.database.rows(FORGET_SIGN_INS)
    await runtime.database.rows(FORGET_ENDED)
    await forget_attempts(runtime)


SCHEDULES = (Schedule("sign_in.forget_what_is_over", "23 * * * *", forget_what_is_over),)
