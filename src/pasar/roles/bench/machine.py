"""What was it measured on? A figure without its machine means nothing."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pasar.kernel.db.addresses import DatabaseAddress
from pasar.roles.bench.databases import connected


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine at the start of the run. `load` is the last minute's mean of running processes."""

    model: str
    cores: int
    memory_gib: float
    load: float
    system: str
    python: str
    postgresql: str
    measured_at: datetime

    def sentence(self) -> str:
        """One line for people."""
        return (
            f"{self.measured_at:%Y-%m-%d %H:%M} UTC, {self.model}, {self.cores} cores, "
            f"{self.memory_gib:.0f} GiB, load {self.load:.2f} before the run, {self.system}, "
            f"Python {self.python}, PostgreSQL {self.postgresql}"
        )


async def this_machine(address: DatabaseAddress | None) -> Machine:
    """Describe the machine; `address` names the PostgreSQL, None one that cannot be asked."""
    version = "of the server"
    if address is not None:
        async with connected(address) as connection:
            version = str(await connection.fetchval("SHOW server_version"))
    return Machine(
        model=_line_of(Path("/proc/cpuinfo"), "model name") or platform.processor() or platform.machine(),
        cores=os.cpu_count() or 1,
        memory_gib=int((_line_of(Path("/proc/meminfo"), "MemTotal") or "0").split()[0]) / 1024**2,
        load=os.getloadavg()[0],
        system=platform.platform(terse=True),
        python=platform.python_version(),
        postgresql=version,
        measured_at=datetime.now(UTC),
    )


def _line_of(path: Path, name: str) -> str | None:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return None
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), None)
