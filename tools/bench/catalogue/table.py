"""Times, and figures as people read them."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tools.bench.measure import percentile

R = TypeVar("R")


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and seconds of CPU, which others on the machine lengthen less."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} s (CPU {self.cpu:.1f} s)"


def timed(work: Callable[[], R]) -> tuple[R, Took]:
    """What `work` returns, and how long it took."""
    start, used = time.perf_counter(), time.thread_time()
    result = work()
    return result, Took(time.perf_counter() - start, time.thread_time() - used)


def timed_with_children(work: Callable[[], R]) -> tuple[R, Took]:
    """The same with the CPU of all threads, and of processes that ended meanwhile."""
    start, used = time.perf_counter(), _cpu()
    result = work()
    return result, Took(time.perf_counter() - start, _cpu() - used)


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class Table:
    """What was measured, as Markdown."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._rows: list[tuple[str, ...]] = []

    def add(self, what: str, figure: str) -> None:
        """One line, printed at once."""
        self._rows.append((what, figure))
        print(f"{what}: {figure}", flush=True)

    def times(self, what: str, all_of_them: Sequence[Took]) -> None:
        """Median, 95 % and the longest of times; the CPU of the same."""
        wall, cpu = ([f"{one:.2f}" for one in _three(times)] for times in (
            [took.wall for took in all_of_them], [took.cpu for took in all_of_them]))  # fmt: skip
        figure = f"median {wall[0]} ms, p95 {wall[1]}, longest {wall[2]} (CPU {cpu[0]}, {cpu[1]}, {cpu[2]})"
        self.add(what, figure)

    def show(self) -> None:
        """All of it."""
        print(f"\n### {self._title}\n\n| what | measured |\n| --- | --- |")
        print("".join(f"| {what} | {figure} |\n" for what, figure in self._rows), flush=True)


def _three(seconds: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(one * 1000 for one in seconds)
    return percentile(ordered, 0.5), percentile(ordered, 0.95), ordered[-1]
