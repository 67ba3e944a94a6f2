"""Clients that go through journeys at the same time, and what it cost."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tools.bench.http import Client, Sample, WrongAnswer

Journey = Callable[[Client], Awaitable[None]]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """What a run measured. Times in milliseconds."""

    clients: int
    seconds: float
    journeys: int
    requests: int
    errors: int
    p50: float
    p95: float
    p99: float
    cpu: float
    """CPU of the server's processes per request."""

    @property
    def journeys_per_second(self) -> float:
        return self.journeys / self.seconds

    @property
    def requests_per_second(self) -> float:
        return self.requests / self.seconds


def processes(pid: int) -> list[int]:
    """`pid` and everything it started (Linux)."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in below for found in processes(int(child)))]


def cpu_seconds(pids: list[int]) -> float:
    """CPU time that these processes have used, in seconds."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def percentile(times: list[float], share: float) -> float:
    """The time that `share` of the sorted `times` do not exceed."""
    return times[min(len(times) - 1, int(len(times) * share))] if times else 0.0


async def load(
    port: int, server: int, journey: Journey, clients: int, seconds: float
) -> tuple[Load, list[str]]:
    """Let `clients` people go through journeys for `seconds`; who has begun finishes. Also returns what went wrong."""
    samples: list[Sample] = []
    problems: list[str] = []
    done = 0
    pids = processes(server)
    end = time.perf_counter() + seconds

    async def person() -> None:
        nonlocal done
        while time.perf_counter() < end:
            client = Client(port)
            try:
                await journey(client)
                done += 1
            except (WrongAnswer, OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                problems.append(f"{type(error).__name__}: {error}")
            finally:
                await client.close()
                samples.extend(client.samples)

    before, start = cpu_seconds(pids), time.perf_counter()
    await asyncio.gather(*(person() for _ in range(clients)))
    took, used = time.perf_counter() - start, cpu_seconds(pids) - before
    return summary(clients, took, done, samples, len(problems), used), problems


def summary(
    clients: int, took: float, journeys: int, samples: list[Sample], problems: int, used: float
) -> Load:
    """The figures of a run."""
    times = sorted(sample.seconds * 1000 for sample in samples)
    refused = sum(sample.status >= 400 for sample in samples)
    return Load(
        clients,
        took,
        journeys,
        len(samples),
        max(problems, refused),
        percentile(times, 0.50),
        percentile(times, 0.95),
        percentile(times, 0.99),
        used / max(1, len(samples)) * 1000,
    )
