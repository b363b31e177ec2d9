"""Writes small XLSB files, because no program at hand does: records, by their numbers in [MS-XLSB], section 2.3.2.

It shares no code with the reader, so that an error of the one is not an error of the other too. LibreOffice reads what
it writes (tests/services/roster/test_binary_excel.py).
"""

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

ERRORS = {"#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#N/A": 0x2A}
"""The numbers of some errors (BErr)."""

KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def record(kind: int, *parts: bytes) -> bytes:
    """A record whose body is these parts."""
    body = b"".join(parts)
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + length(len(body)) + body


def length(size: int) -> bytes:
    """The length of a record: seven bits a byte, the lowest first."""
    found = bytearray()
    while size >= 0x80:
        found.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([*found, size])


def wide(text: str) -> bytes:
    """XLWideString."""
    stored = text.encode("utf-16-le")
    return struct.pack("<I", len(stored) // 2) + stored


def rich(text: str) -> bytes:
    """RichStr with two runs of formats, and with the pronunciation of all of it."""
    runs = struct.pack("<IHHHH", 2, 0, 0, 1, 0)
    spoken = wide("PRONOUNCED") + struct.pack("<IHHHHHH", 1, 0, 0, len(text), 0, 0, 0)
    return b"\x03" + wide(text) + runs + spoken


@dataclass
class Cell:
    """A cell. value: its body behind column and style. formula: of a formula, its tokens (Rgce); empty for a value."""

    kind: int
    value: bytes = b""
    style: int = 0
    formula: bytes = b""

    def stored(self, column: int) -> bytes:
        """The record that says its column, from 0."""
        tail = struct.pack("<HI", 0, len(self.formula)) + self.formula + bytes(4) if self.formula else b""
        return record(self.kind, struct.pack("<II", column, self.style), self.value, tail)

    def stored_short(self) -> bytes:
        """The record that stands in the column behind the one before."""
        kind = 61 if self.kind == 62 else self.kind + 11
        return record(kind, struct.pack("<I", self.style), self.value)


def blank(style: int = 0) -> Cell:
    return Cell(1, style=style)


def whole(number: int, style: int = 0, *, hundredths: bool = False) -> Cell:
    """An RkNumber of a whole number, or of so many hundredths."""
    return Cell(2, struct.pack("<i", number << 2 | 2 | hundredths), style)


def rounded(number: float, style: int = 0, *, hundredths: bool = False) -> Cell:
    """An RkNumber of the upper 30 bits of a floating point number."""
    (upper,) = struct.unpack("<I", struct.pack("<d", number)[4:])
    return Cell(2, struct.pack("<I", upper & ~3 | hundredths), style)


def failed(error: str) -> Cell:
    return Cell(3, bytes([ERRORS[error]]))


def boolean(value: bool) -> Cell:
    return Cell(4, bytes([value]))


def real(number: float, style: int = 0) -> Cell:
    return Cell(5, struct.pack("<d", number), style)


def text(value: str, style: int = 0) -> Cell:
    return Cell(6, wide(value), style)


def shared(place: int, style: int = 0) -> Cell:
    return Cell(7, struct.pack("<I", place), style)


def rich_text(value: str, style: int = 0) -> Cell:
    return Cell(62, rich(value), style)


def formula(value: str | float, style: int = 0) -> Cell:
    """A formula with its value; what it calculates is this value: the one token is the constant itself."""
    if isinstance(value, bool):
        return Cell(10, bytes([value]), style, b"\x1d" + bytes([value]))
    if isinstance(value, int | float):
        return Cell(9, struct.pack("<d", value), style, b"\x1f" + struct.pack("<d", value))
    if value in ERRORS:
        return Cell(11, bytes([ERRORS[value]]), style, b"\x1c" + bytes([ERRORS[value]]))
    stored = value.encode("utf-16-le")
    return Cell(8, wide(value), style, b"\x17" + struct.pack("<H", len(stored) // 2) + stored)


@dataclass
class Sheet:
    """A sheet.

    rows: the cells by column, from 0, by the row, from 1. short: whether a cell that can leaves its column out.
    hidden_columns: first and last of each range, from 0. merged: first row, last row, first and last column, from 0.
    state: 0 for visible, 1 for hidden, 2 for hidden by a macro. extra: records of other kinds, between all others.
    """

    name: str
    rows: dict[int, dict[int, Cell]]
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[tuple[int, int]] = ()
    merged: Sequence[tuple[int, int, int, int]] = ()
    state: int = 0
    short: bool = False
    extra: bytes = b""

    def part(self) -> bytes:
        columns = [record(60, struct.pack("<IIIIH", *ends, 2560, 0, 1)) for ends in self.hidden_columns]
        merged = [record(176, struct.pack("<4I", *ends)) for ends in self.merged]
        return b"".join(
            (
                record(129),
                self.extra,
                _within(390, 391, columns),
                record(145),
                *(self._row(number, cells) for number, cells in self.rows.items()),
                record(146),
                self.extra,
                _within(177, 178, merged, struct.pack("<I", len(merged))),
                record(130),
            )
        )

    def _row(self, number: int, cells: dict[int, Cell]) -> bytes:
        flags = 0x10 if number in self.hidden_rows else 0
        found = record(0, struct.pack("<IIHBBBI", number - 1, 0, 300, 0, flags, 0, 0))
        for column, cell in cells.items():
            fits = self.short and not cell.formula and column - 1 in cells
            found += self.extra + (cell.stored_short() if fits else cell.stored(column))
        return found


@dataclass
class Book:
    """A workbook.

    formats: the number format of each style from 1 on: a code, or the number of one that is built in.
    parts: parts that stand in place of those that would be written, by their names; None leaves one out.
    """

    sheets: Sequence[Sheet]
    strings: Sequence[str | bytes] = ()
    formats: Sequence[str | int] = ()
    from_1904: bool = False
    parts: dict[str, bytes | None] = field(default_factory=dict)

    def stored(self) -> bytes:
        parts: dict[str, bytes | None] = {
            "[Content_Types].xml": self._content_types(),
            "_rels/.rels": _relationships([("officeDocument", "xl/workbook.bin")]),
            "xl/workbook.bin": self.workbook_part(),
            "xl/_rels/workbook.bin.rels": _relationships(
                [
                    *(("worksheet", f"worksheets/sheet{place}.bin") for place in self._places()),
                    ("styles", "styles.bin"),
                    ("sharedStrings", "sharedStrings.bin"),
                ]
            ),
            "xl/styles.bin": self._styles(),
            "xl/sharedStrings.bin": self.strings_part(),
        }
        parts |= {f"xl/worksheets/sheet{place}.bin": self.sheets[place - 1].part() for place in self._places()}
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in (parts | self.parts).items():
                if content is not None:
                    made.writestr(name, content)
        return file.getvalue()

    def _places(self) -> range:
        return range(1, len(self.sheets) + 1)

    def _content_types(self) -> bytes:
        said = {
            "/xl/workbook.bin": "sheet.binary.macroEnabled.main",
            "/xl/styles.bin": "styles",
            "/xl/sharedStrings.bin": "sharedStrings",
            **{f"/xl/worksheets/sheet{place}.bin": "worksheet" for place in self._places()},
        }
        inner = "".join(
            f'<Override PartName="{name}" ContentType="application/vnd.ms-excel.{kind}"/>'
            for name, kind in said.items()
        )
        rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{rels}{inner}</Types>'.encode()

    def workbook_part(self) -> bytes:
        sheets = [
            record(156, struct.pack("<II", sheet.state, place), wide(f"rId{place}"), wide(sheet.name))
            for place, sheet in enumerate(self.sheets, start=1)
        ]
        properties = record(153, struct.pack("<II", self.from_1904, 0), wide(""))
        return record(131) + properties + _within(143, 144, sheets) + record(132)

    def strings_part(self) -> bytes:
        items = [one if isinstance(one, bytes) else b"\0" + wide(one) for one in self.strings]
        sizes = struct.pack("<II", len(items), len(items))
        return _within(159, 160, [record(19, item) for item in items], sizes) or record(159, sizes) + record(160)

    def _styles(self) -> bytes:
        own = [(164 + place, code) for place, code in enumerate(self.formats) if isinstance(code, str)]
        used = [0, *(164 + place if isinstance(code, str) else code for place, code in enumerate(self.formats))]
        formats = [record(44, struct.pack("<H", number), wide(code)) for number, code in own]
        named = [record(47, struct.pack("<8H", 0xFFFF, 0, 0, 0, 0, 0, 0x1000, 0))]
        styles = [record(47, struct.pack("<8H", 0, number, 0, 0, 0, 0, 0x1000, 1)) for number in used]
        return b"".join(
            (
                record(278),
                _within(615, 616, formats, struct.pack("<I", len(formats))),
                _within(626, 627, named, struct.pack("<I", len(named))),
                _within(617, 618, styles, struct.pack("<I", len(styles))),
                record(279),
            )
        )


def _within(first: int, last: int, records: Sequence[bytes], count: bytes = b"") -> bytes:
    """Records between those that begin and end them; nothing where there are none."""
    return record(first, count) + b"".join(records) + record(last) if records else b""


def _relationships(targets: Iterable[tuple[str, str]]) -> bytes:
    inner = "".join(
        f'<Relationship Id="rId{place}" Type="{KIND}{kind}" Target={quoteattr(target)}/>'
        for place, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'.encode()
