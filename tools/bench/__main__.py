"""`make bench`: prints the figures and keeps them in build/bench.json. Takes about five minutes, loopback only.

`python -m tools.bench --seconds 3 --clients 1 4 --engines sqlite` is a quick look.
"""

import argparse
import asyncio
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from core.settings import ROOT
from tests.fixtures.servers import free_port
from tools.bench import report, servers
from tools.bench.filing import filing_alone
from tools.bench.http import Client
from tools.bench.journey import Repeated, TaxCertificate
from tools.bench.measure import Load, load
from tools.bench.page import publish, ten_fields
from tools.bench.steps import Step

RESULT = ROOT / "build" / "bench.json"


def main() -> None:
    """Measure every engine and number of clients, the platform and the bare application in turn."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=12)
    options.add_argument("--clients", type=int, nargs="+", default=[1, 4, 16, 100])
    options.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    options.add_argument("--filings", type=int, default=600)
    chosen = options.parse_args()
    results = []
    for engine in chosen.engines:
        with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            results.append({"engine": engine, **asyncio.run(_measure(engine, folder, chosen))})
            report.show(results[-1])
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(results, indent=2))


async def _measure(engine: str, folder: Path, chosen: argparse.Namespace) -> dict[str, object]:
    with servers.database(engine, folder) as url, servers.valkey(folder) as redis_url:
        ctx = servers.context(folder, url, redis_url)
        publish(ctx)
        journey = TaxCertificate(ctx)
        port = free_port()
        with servers.platform(ctx, port) as pid:
            steps = await _record(journey, port)
            own = await _loads(engine, "platform", port, pid, journey, chosen)
            alone = await filing_alone(journey, port, pid, chosen.filings, 100)
            page = await ten_fields(port, pid, 4, chosen.seconds / 2)
        port = free_port()
        with servers.bare(steps, url, port, folder) as pid:
            bare = await _loads(engine, "bare", port, pid, Repeated(steps), chosen)
        ctx.database.dispose()
    return {
        "requests": len(steps),
        "largest_form": max(len(step["inputs"]) for step in steps),
        "platform": [asdict(one) for one in own],
        "bare": [asdict(one) for one in bare],
        "filing": asdict(alone),
        "page": {what: asdict(one) for what, one in page.items()},
    }


async def _record(journey: TaxCertificate, port: int) -> list[Step]:
    client = Client(port, trail=[])
    await journey.whole(client)
    await client.close()
    return client.trail or []


async def _loads(
    engine: str,
    who: str,
    port: int,
    pid: int,
    journey: TaxCertificate | Repeated,
    chosen: argparse.Namespace,
) -> list[Load]:
    await load(port, pid, journey.whole, 4, 2)
    measured = []
    for clients in chosen.clients:
        one, problems = await load(port, pid, journey.whole, clients, chosen.seconds)
        report.line(engine, who, one, problems)
        measured.append(one)
    return measured


if __name__ == "__main__":
    main()
