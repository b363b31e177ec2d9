"""How a bench takes time and says what it found."""

import statistics
import time
from collections.abc import Callable


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """The median of several runs, after one to warm up."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def report(what: str, plain: float, ours: float, target: str) -> None:
    faster = f"{plain / ours:5.1f} x faster" if ours < plain else f"{ours / plain:5.2f} x the time"
    print(f"{what:52} {plain * 1000:9.1f} ms {ours * 1000:9.1f} ms   {faster:16} target: {target}")  # noqa: T201
