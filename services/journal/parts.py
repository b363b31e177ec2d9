"""Long lists in parts, each as long as one statement may name or write."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Value = TypeVar("Value")


def in_parts(values: Sequence[Value], size: int) -> Iterator[Sequence[Value]]:
    """The values in their order, so many at a time."""
    return (values[start : start + size] for start in range(0, len(values), size))
