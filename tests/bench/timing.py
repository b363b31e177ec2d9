"""How a bench takes time, compares with the plain way, and says what it found.

Machines are shared and noisy: a figure is the median of pairs of runs, the plain way and ours in turn, so that what
slows one down slows the other down too.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]

Clock = Callable[[], float]

COMPUTING: Clock = time.process_time
"""The clock for work that waits for nothing: what other processes take of the machine does not count."""

PAIRS = 5
"""How many pairs of runs a comparison takes, if nothing else is said."""


@dataclass(frozen=True)
class Target:
    """What a figure has to reach. limit: at least this where `is_least`, otherwise at most."""

    limit: float
    is_least: bool = False

    def is_met(self, figure: float) -> bool:
        return figure >= self.limit if self.is_least else figure <= self.limit

    def __str__(self) -> str:
        return f"{'>=' if self.is_least else '<='} {self.limit:g}"


def at_most(limit: float) -> Target:
    """Our time is at most this many times the plain way's; or a plain figure at most this."""
    return Target(limit)


def faster(limit: float) -> Target:
    """We are at least this many times as fast as the plain way."""
    return Target(limit, is_least=True)


@dataclass(frozen=True)
class Finding:
    """One line of the table at the end. target: None where none is set."""

    what: str
    figure: float
    unit: str
    target: Target | None

    @property
    def is_met(self) -> bool:
        return self.target is None or self.target.is_met(self.figure)

    def __str__(self) -> str:
        target = f"target: {self.target}" if self.target else "(no target)"
        return f"{self.what:58} {self.figure:9.2f} {self.unit:6} {target:16} {'' if self.is_met else 'MISSED'}".rstrip()


findings: list[Finding] = []
"""Everything that was found in this run, in order."""


def taken(work: Work, clock: Clock = time.perf_counter) -> float:
    """How many seconds one run takes."""
    started = clock()
    work()
    return clock() - started


def compare(
    what: str,
    plain: Work,
    ours: Work,
    target: Target | None,
    pairs: int = PAIRS,
    *,
    of: float = 1,
    clock: Clock = time.perf_counter,
) -> None:
    """Runs the plain way and ours in turn, after one of each to warm up, and notes the median of their ratios.

    what: what is compared with what.
    target: what the ratio has to reach: by `faster` it is plain / ours, otherwise ours / plain.
    pairs: how many pairs of runs are taken.
    of: the part of our work that the plain way does, where all of it would take too long.
    clock: COMPUTING where both only compute.
    """
    plain()
    ours()
    compare_times(what, [(taken(plain, clock) / of, taken(ours, clock)) for _ in range(pairs)], target)


def compare_times(what: str, pairs: list[tuple[float, float]], target: Target | None) -> None:
    """Notes the median of the ratios of pairs of times, the plain way's first, in seconds."""
    is_speed = target is not None and target.is_least
    ratio = statistics.median((plain / ours if is_speed else ours / plain) for plain, ours in pairs)
    plain, ours = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
    note(what, ratio, "x", target, f"plain {plain:9.1f} ms, ours {ours:9.1f} ms")


def note_median(what: str, figures: list[float], unit: str, target: Target | None) -> None:
    """Notes the median of figures that no plain way compares with."""
    note(what, statistics.median(figures), unit, target)


def note(what: str, figure: float, unit: str, target: Target | None, more: str = "") -> None:
    """Prints a figure with its target, and keeps it for the table at the end."""
    findings.append(Finding(what, figure, unit, target))
    print(findings[-1], f" {more}" if more else "", flush=True)  # noqa: T201 - a bench prints


def print_table() -> None:
    """Prints every figure of this run once more, and how many targets were missed."""
    missed = sum(not finding.is_met for finding in findings)
    print(f"\n{len(findings)} figures, {missed} missed")  # noqa: T201 - a bench prints
    for finding in findings:
        print(finding)  # noqa: T201 - a bench prints


def all_met() -> bool:
    return all(finding.is_met for finding in findings)
