"""What a process holds at a moment, and whether that grows."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Usage:
    """at: in seconds of this machine's clock. memory: in bytes. files: open ones, connections among them."""

    at: float
    memory: int
    files: int
    threads: int

    @classmethod
    def of(cls, process: int) -> Self:
        """Reads it from /proc."""
        folder = Path("/proc") / str(process)
        lines = (line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        told = {name: value.strip() for name, value in lines}
        memory = int(told["VmRSS"].removesuffix(" kB")) * 1024
        return cls(time.monotonic(), memory, len(list((folder / "fd").iterdir())), int(told["Threads"]))


def growth(seconds: Sequence[float], figures: Sequence[float]) -> tuple[float, float]:
    """How much figures gain in an hour, and how far they spread around that line."""
    slope, begin = statistics.linear_regression(seconds, figures)
    away = [figure - (begin + slope * at) for at, figure in zip(seconds, figures, strict=True)]
    return slope * 3600, statistics.pstdev(away)
