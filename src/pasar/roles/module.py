"""What a module brings to the processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from litestar.types import ControllerRouterHandler

from pasar.kernel.events.facts import Subscriber
from pasar.kernel.jobs import Job, Schedule


@dataclass(frozen=True, slots=True)
class Module:
    """One module's routes (HTTP and pages), subscribers, jobs and schedules."""

    name: str
    routes: Sequence[ControllerRouterHandler] = ()
    subscribers: Sequence[Subscriber] = ()
    jobs: Sequence[Job] = ()
    schedules: Sequence[Schedule] = ()
