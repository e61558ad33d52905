"""How many calls may one caller make? (decisions, "Figures")

So many changing calls in a window, ten times that for looking. An account counts by itself, wherever it calls
from, and so does an API key. A guest counts by session; by address without one, or with one that nobody here
has handed out: made-up tokens would otherwise be a limit each. All sessions of one address together have ten
times the limit, since opening another cart is cheap.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, NamedTuple

from pasar.kernel.config.edge import RateLimitSettings
from pasar.kernel.ids import hash_token
from pasar.kernel.network_addresses import network_of
from pasar.kernel.rate_limits.stores import CountStore, MemoryCounts
from pasar.kernel.tenancy import Caller

READS_PER_WRITE: Final = 10
SESSIONS_PER_ADDRESS: Final = 10
MOST_SESSIONS: Final = 50_000


class Subject(NamedTuple):
    """Who counts, and how many times the limit it has."""

    name: str
    times: int = 1


class Standing(NamedTuple):
    """What the caller has left in this window: calls (below nothing when it is refused), and how long."""

    limit: int
    left: int
    ends_in_ms: int

    @property
    def seconds(self) -> int:
        """Whole seconds until everything is allowed again, at least 1."""
        return max(1, -(-self.ends_in_ms // 1000))


class RateLimiter:
    """Counts calls. One for a process."""

    def __init__(self, settings: RateLimitSettings | None = None, store: CountStore | None = None) -> None:
        """Without a `store`, counts in memory."""
        self.settings = settings or RateLimitSettings()
        self.store: CountStore = MemoryCounts() if store is None else store
        self._sessions: OrderedDict[bytes, None] = OrderedDict()

    async def count(self, subjects: Sequence[Subject], *, write: bool) -> Standing:
        """Count one call for each of `subjects`; answer where the one with least left stands."""
        most = self.settings.writes if write else self.settings.writes * READS_PER_WRITE
        kind = "w:" if write else "r:"
        counted = await self.store.count([kind + name for name, _ in subjects], self.settings.window_ms)
        tightest: Standing | None = None
        for (_, times), (calls, ends_in_ms) in zip(subjects, counted, strict=True):
            standing = Standing(most * times, most * times - calls, ends_in_ms)
            if tightest is None or standing.left < tightest.left:
                tightest = standing
        assert tightest is not None, "somebody is counted"
        return tightest

    def know(self, token: str) -> None:
        """Remember that the session `token` is ours: something was found or made under it."""
        self._sessions[hash_token(token)] = None
        if len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)

    def knows(self, session_hash: bytes) -> bool:
        """Whether the token with this hash is known to be ours. Those used last stay longest."""
        if session_hash not in self._sessions:
            return False
        self._sessions.move_to_end(session_hash)
        return True


def subjects_of(
    limiter: RateLimiter, caller: Caller, address: str, session_token: str | None
) -> tuple[Subject, ...]:
    """Who a call counts for. `session_token` is the one that a guest of the API sent."""
    if caller.api_key_id is not None:
        return (Subject("k:" + caller.api_key_id.hex),)
    if caller.user_id is not None:
        return (Subject("a:" + caller.user_id.hex),)
    session_hash = hash_token(session_token) if session_token else caller.session_hash
    if session_hash is not None and limiter.knows(session_hash):
        sessions = Subject("n:" + network_of(address), SESSIONS_PER_ADDRESS)
        return (Subject("s:" + session_hash.hex()[:32]), sessions)
    return (of_address(address),)


def of_address(address: str) -> Subject:
    """An address as a subject."""
    return Subject("i:" + network_of(address))
