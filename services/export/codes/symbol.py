"""The modules of a QR code: bit for bit those of `qrcode` 8.2, more than twenty times as fast.

A symbol is linear in its data: which cell shows which bit, and what stands around and over the data, follows from its
version, level and mask alone. The plain class is asked for that once (`_layout`); every further symbol is a shuffle
of its bits, one XOR a mask, and a choice among the masks that counts on whole grids, each of them one big integer.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any, Literal

import qrcode
from qrcode import base, util

Level = Literal["M", "Q"]
"""How much of a symbol may be lost: M is for 15 %, Q for 25 %, where cards are handled a lot."""

LARGEST = 20
"""The largest version that is made the quick way; longer links (from 666 characters at M) are left to `qrcode`."""

_LEVELS = {"M": qrcode.ERROR_CORRECT_M, "Q": qrcode.ERROR_CORRECT_Q}
_MASKS = range(8)


@lru_cache(maxsize=512)
def modules(link: str, level: Level = "M") -> tuple[str, ...]:
    """The rows of a link's symbol, top to bottom, without quiet zone: "1" is a dark module, "0" a light one.

    Raises ValueError for text that no symbol holds (over 2,331 characters at M, 1,663 at Q).
    """
    parts = [_Part.of(data) for data in util.optimal_data_chunks(link, minimum=20)]
    version = _version(parts, level)
    if version > LARGEST:
        plain = _plain(level)
        plain.add_data(link)
        plain.make()
        return tuple(_text([row]) for row in plain.modules)
    return _layout(version, level).drawn(_codewords(parts, version, level))


def _plain(level: Level, version: int | None = None) -> "qrcode.QRCode[Any]":
    return qrcode.QRCode(version=version, error_correction=_LEVELS[level])


def _text(rows: Iterable[Iterable[bool | None]]) -> str:
    return "".join("1" if dark else "0" for dark in chain.from_iterable(rows))


# Data


@dataclass(frozen=True)
class _Part:
    """A stretch of a link in one of the modes in which symbols hold text."""

    mode: Literal[1, 2, 4, 8]
    length: int
    bits: str

    @classmethod
    def of(cls, data: util.QRData) -> "_Part":
        if data.mode == util.MODE_8BIT_BYTE:
            return cls(data.mode, len(data), f"{int.from_bytes(data.data):0{8 * len(data)}b}")
        buffer = _Bits()
        data.write(buffer)  # type: ignore[arg-type]  # it asks for `put` alone
        return cls(data.mode, len(data), "".join(buffer))

    def with_head(self, version: int) -> str:
        """The bits after those for the mode and for the length, which larger versions write longer."""
        return f"{self.mode:04b}{self.length:0{util.length_in_bits(self.mode, version)}b}{self.bits}"


class _Bits(list[str]):
    """What util.QRData writes itself into, in place of a buffer that takes one bit at a time."""

    def put(self, number: int, length: int) -> None:
        self.append(f"{number:0{length}b}")


def _version(parts: list[_Part], level: Level) -> int:
    """The smallest version that holds the parts (QRCode.best_fit)."""
    least = 1
    while True:
        needed = sum(len(part.with_head(least)) for part in parts)
        version = bisect_left(util.BIT_LIMIT_TABLE[_LEVELS[level]], needed, least)
        util.check_version(version)
        if util.mode_sizes_for_version(version) is util.mode_sizes_for_version(least):
            return version
        least = version


def _codewords(parts: list[_Part], version: int, level: Level) -> bytes:
    """Data and error correction in the order in which a symbol shows them (util.create_data)."""
    blocks = base.rs_blocks(version, _LEVELS[level])
    capacity = 8 * sum(block.data_count for block in blocks)
    bits = "".join(part.with_head(version) for part in parts)
    bits += "0" * min(4, capacity - len(bits))
    bits += "0" * (-len(bits) % 8)
    padding = f"{util.PAD0:08b}{util.PAD1:08b}" * (capacity // 16 + 1)
    words = _bytes(bits + padding[: capacity - len(bits)])

    ends = accumulate(block.data_count for block in blocks)
    split = [words[end - block.data_count : end] for block, end in zip(blocks, ends, strict=True)]
    count = blocks[0].total_count - blocks[0].data_count  # of correction words, the same in each block
    return _in_turn(split) + _in_turn([_correction(part, count) for part in split])


def _in_turn(parts: list[bytes]) -> bytes:
    """The first word of each part, then the second of each, and so on; parts may differ in length."""
    longest = max(map(len, parts))
    return bytes(part[place] for place in range(longest) for part in parts if place < len(part))


def _bytes(bits: str) -> bytes:
    return int(bits, 2).to_bytes(len(bits) // 8)


def _correction(words: bytes, count: int) -> bytes:
    """The remainder of the words by the generator polynomial: long division, a whole row at a time."""
    rows, top, rest, kept = _multiples(count), 8 * (count - 1), 0, (1 << 8 * count) - 1
    for word in words:
        rest = ((rest << 8) & kept) ^ rows[word ^ (rest >> top)]
    return rest.to_bytes(count)


@lru_cache(maxsize=32)
def _multiples(count: int) -> tuple[int, ...]:
    """For every word, what it leaves when it is divided by the generator of so many words."""
    generator = base.Polynomial([1], 0)
    for power in range(count):
        generator *= base.Polynomial([1, base.gexp(power)], 0)
    rests = (base.Polynomial([word], count) % generator for word in range(1, 256))
    return 0, *(int.from_bytes(bytes(rest)) for rest in rests)


# Grid


@dataclass(frozen=True)
class _Layout:
    """What all symbols of a version and level share. Grids are integers, the first module the highest bit.

    across and down: take each module's bit out of the codewords' ("0" goes before them, for modules that show none),
    row by row and column by column. final: what is XORed onto the data for each mask. trial: the same while masks are
    compared, for which `qrcode` leaves the format information light; also column by column.
    """

    size: int
    across: Callable[[str], tuple[str, ...]]
    down: Callable[[str], tuple[str, ...]]
    final: tuple[int, ...]
    trial: tuple[tuple[int, int], ...]
    scale: "_Scale"

    def drawn(self, codewords: bytes) -> tuple[str, ...]:
        bits = f"0{int.from_bytes(codewords):0{8 * len(codewords)}b}"
        across, down = (int("".join(take(bits)), 2) for take in (self.across, self.down))
        lost = [self.scale.lost(across ^ by_row, down ^ by_column) for by_row, by_column in self.trial]
        size = self.size
        text = f"{across ^ self.final[lost.index(min(lost))]:0{size * size}b}"
        return tuple(text[start : start + size] for start in range(0, size * size, size))


@lru_cache(maxsize=64)
def _layout(version: int, level: Level) -> _Layout:
    plain = _plain(level, version)

    def grid(mask: int, words: bytes = b"", test: bool = False, turned: bool = False) -> str:
        plain.data_cache = list(words)
        plain.makeImpl(test, mask)
        return _text(zip(*plain.modules, strict=True) if turned else plain.modules)

    # Every bit of the codewords is numbered, from 1; the plain class draws the numbers, one binary digit at a time.
    count = 8 * sum(block.total_count for block in base.rs_blocks(version, _LEVELS[level]))
    empty = grid(0)
    where = [0] * len(empty)
    for digit in range(count.bit_length()):
        drawn = grid(0, _bytes("".join(str(number >> digit & 1) for number in range(1, count + 1))))
        for cell, pair in enumerate(zip(drawn, empty, strict=True)):
            where[cell] |= (pair[0] != pair[1]) << digit

    size = plain.modules_count
    return _Layout(
        size,
        itemgetter(*where),
        itemgetter(*(cell for column in range(size) for cell in where[column::size])),
        tuple(int(grid(mask), 2) for mask in _MASKS),
        tuple((int(grid(mask, test=True), 2), int(grid(mask, test=True, turned=True), 2)) for mask in _MASKS),
        _Scale.of(size),
    )


@dataclass(frozen=True)
class _Scale:
    """Weighs a grid by the four rules of ISO/IEC 18004, 7.8.3, as `util.lost_point` reads them.

    A shift brings every module over one before it, so a rule is counted in the whole grid at once. The fields mark
    where it may be: a pair, four light modules or a finder's core may begin only where they end in the same row, and a
    core counts with four light modules after it or before it, in the same row.
    """

    size: int
    all: int
    pair: int
    four: int
    core: int
    core_four: int
    four_core: int

    @classmethod
    def of(cls, size: int) -> "_Scale":
        def columns(start: int, end: int) -> int:
            row = "".join("1" if start <= column < end else "0" for column in range(size))
            return int(row * size, 2)

        return cls(
            size,
            all=columns(0, size),
            pair=columns(0, size - 1),
            four=columns(0, size - 3),
            core=columns(0, size - 6),
            core_four=columns(0, size - 10),
            four_core=columns(4, size),
        )

    def lost(self, across: int, down: int) -> int:
        """The points of a grid, which is given row by row and column by column."""
        same = (self.all ^ across ^ across << 1) & self.pair
        blocks = same & same << self.size & (self.all ^ across ^ across << self.size)
        share = across.bit_count() / self.size**2
        points = self._in_lines(across) + self._in_lines(down) + 3 * blocks.bit_count()
        return points + 10 * int(abs(share * 100 - 50) / 5)

    def _in_lines(self, grid: int) -> int:
        """Rules 1 and 3: five or more of one colour in a line, and what looks like a finder pattern."""
        light = self.all ^ grid
        same = (self.all ^ grid ^ grid << 1) & self.pair
        five = same & same << 1
        five &= five << 2
        runs = five & ~(five >> 1)
        core = grid & light << 1 & grid << 2 & grid << 3 & grid << 4 & light << 5 & grid << 6 & self.core
        points = five.bit_count() + 2 * runs.bit_count()
        if core:
            four = light & light << 1
            four &= four << 2 & self.four
            finders = (core & four << 7 & self.core_four, core & four >> 4 & self.four_core)
            points += 40 * sum(found.bit_count() for found in finders)
        return points
