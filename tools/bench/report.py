"""Figures as people read them."""

from tools.bench.measure import Load

_HEAD = (
    "| server | clients | journeys/s | requests/s | p50 ms | p95 ms | p99 ms | CPU ms/request | errors |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


def line(engine: str, who: str, load: Load, problems: list[str]) -> None:
    """One run, as soon as it is done."""
    print(
        f"{engine:<10} {who:<9} {load.clients:>4} clients: {load.journeys_per_second:7.1f} journeys/s"
        f" {load.requests_per_second:8.1f} requests/s  p95 {load.p95:7.1f} ms  CPU {load.cpu:5.2f} ms/request"
        f"  {load.errors} errors",
        flush=True,
    )
    for problem in sorted(set(problems))[:3]:
        print(f"    {problems.count(problem)} × {problem}", flush=True)


def show(result: dict[str, object]) -> None:
    """One engine's table in Markdown, with the ratios to the bare application."""
    own, bare = _loads(result["platform"]), _loads(result["bare"])
    filing = _loads([result["filing"]])[0]
    print(f"\n### {result['engine']} ({result['requests']} requests a journey)\n\n{_HEAD}")
    for who, loads in (("platform", own), ("bare", bare)):
        for load in loads:
            print(_row(who, load))
    print(
        "\n| clients | CPU per request, platform ÷ bare | requests/s, platform ÷ bare |\n| --- | --- | --- |"
    )
    for one, other in zip(own, bare, strict=True):
        rate = one.requests_per_second / other.requests_per_second
        print(f"| {one.clients} | {one.cpu / other.cpu:.2f} | {rate:.2f} |")
    print(
        f"\nFiling alone, {filing.clients} clients: {filing.requests_per_second:.0f}/s, p50 {filing.p50:.0f} ms, "
        f"p99 {filing.p99:.0f} ms, CPU {filing.cpu:.1f} ms, {filing.errors} errors\n",
        flush=True,
    )
    for what, load in _page(result["page"]).items():
        print(
            f"A page of ten fields {what}, {load.clients} clients: {load.requests_per_second:.0f}/s, "
            f"p99 {load.p99:.0f} ms, CPU {load.cpu:.1f} ms, {load.errors} errors\n",
            flush=True,
        )


def _page(loads: object) -> dict[str, Load]:
    return {what: Load(**row) for what, row in loads.items()} if isinstance(loads, dict) else {}


def _row(who: str, load: Load) -> str:
    return (
        f"| {who} | {load.clients} | {load.journeys_per_second:.1f} | {load.requests_per_second:.0f} | "
        f"{load.p50:.1f} | {load.p95:.1f} | {load.p99:.1f} | {load.cpu:.2f} | {load.errors} |"
    )


def _loads(rows: object) -> list[Load]:
    return [Load(**row) for row in rows] if isinstance(rows, list) else []
