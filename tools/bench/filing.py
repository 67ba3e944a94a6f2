"""The filing request alone: everybody presses the last button at the same moment."""

import asyncio
import time

from tools.bench.http import Answer, Client, Sample, WrongAnswer
from tools.bench.journey import TaxCertificate
from tools.bench.measure import Load, cpu_seconds, processes, summary

_PREPARERS = 8
Ready = tuple[Client, str, Answer]


async def filing_alone(journey: TaxCertificate, port: int, server: int, filings: int, clients: int) -> Load:
    """Bring `filings` applications to their last page, then let `clients` people at a time file them."""
    ready: asyncio.Queue[Ready] = asyncio.Queue()
    begun = iter(range(filings))

    async def prepare() -> None:
        for _ in begun:
            client = Client(port)
            ready.put_nowait((client, *await journey.until_signing(client)))
            await client.close()
            client.samples.clear()

    await asyncio.gather(*(prepare() for _ in range(_PREPARERS)))
    samples: list[Sample] = []
    problems = 0

    async def file() -> None:
        nonlocal problems
        while not ready.empty():
            client, path, page = ready.get_nowait()
            try:
                await journey.sign(client, path, page)
            except (WrongAnswer, OSError):
                problems += 1
            await client.close()
            samples.extend(client.samples)

    pids = processes(server)
    before, start = cpu_seconds(pids), time.perf_counter()
    await asyncio.gather(*(file() for _ in range(clients)))
    took, used = time.perf_counter() - start, cpu_seconds(pids) - before
    return summary(clients, took, len(samples) - problems, samples, problems, used)
