"""Workbooks as other programs write them."""

import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass


def strict(content: bytes) -> bytes:
    """The workbook in the strict form of OOXML (ISO/IEC 29500-1), which has namespaces of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.namelist():
            part = old.read(entry).replace(b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/")
            new.writestr(entry, part)
    return file.getvalue()


# XLSB, which no program here writes. The numbers of the records are those of [MS-XLSB] 2.3.2.

Part = Sequence[tuple[int, bytes]]
"""Records: the kind and the fields of each."""


@dataclass
class BinarySheet:
    """A sheet of a binary workbook. rows: the cells of each, by `cell`. state: 0 visible, 1 hidden, 2 very hidden."""

    title: str
    rows: Sequence[Part]
    state: int = 0
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[tuple[int, int]] = ()
    merged: Sequence[tuple[int, int, int, int]] = ()


def text(said: str) -> bytes:
    """A text with its length before it."""
    letters = said.encode("utf-16-le")
    return struct.pack("<I", len(letters) // 2) + letters


def cell(kind: int, column: int, value: bytes, style: int = 0) -> tuple[int, bytes]:
    """A cell of a kind, from column 0."""
    return kind, struct.pack("<II", column, style) + value


def formula(value: bytes, tokens: bytes) -> bytes:
    """The value of a cell with a formula, and the formula after it (2.2.2)."""
    return value + struct.pack("<HI", 0, len(tokens)) + tokens + struct.pack("<I", 0)


def records(part: Part) -> bytes:
    """The bytes of a part."""
    return b"".join(_packed(kind) + _packed(len(fields)) + fields for kind, fields in part)


def _packed(number: int) -> bytes:
    packed = b""
    while number > 0x7F:
        packed += bytes([number & 0x7F | 0x80])
        number >>= 7
    return packed + bytes([number])


def binary_workbook(
    *sheets: BinarySheet, shared: Sequence[str] = (), formats: Sequence[str] = (), from_1904: bool = False
) -> bytes:
    """An XLSB file. formats: the number formats of the styles from 1 on; style 0 has none."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _relationships(("officeDocument", "xl/workbook.bin")))
        kinds = [("worksheet", f"worksheets/sheet{number}.bin") for number, _ in enumerate(sheets, start=1)]
        kinds += [("sharedStrings", "sharedStrings.bin"), ("styles", "styles.bin")]
        archive.writestr("xl/_rels/workbook.bin.rels", _relationships(*kinds))
        archive.writestr("xl/workbook.bin", records(_book(sheets, from_1904)))
        for (_, name), sheet in zip(kinds, sheets, strict=False):
            archive.writestr(f"xl/{name}", records(_sheet(sheet)))
        items = [(19, b"\0" + text(said)) for said in shared]
        archive.writestr("xl/sharedStrings.bin", records([(159, bytes(8)), *items, (160, b"")]))
        archive.writestr("xl/styles.bin", records(_styles(formats)))
    return file.getvalue()


_CONTENT = "application/vnd.ms-excel"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="bin" ContentType="{_CONTENT}.worksheet"/>'
    f'<Override PartName="/xl/workbook.bin" ContentType="{_CONTENT}.sheet.binary.macroEnabled.main"/>'
    f'<Override PartName="/xl/sharedStrings.bin" ContentType="{_CONTENT}.sharedStrings"/>'
    f'<Override PartName="/xl/styles.bin" ContentType="{_CONTENT}.styles"/></Types>'
)


def _relationships(*listed: tuple[str, str]) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    each = (
        f'<Relationship Id="rId{number}" Type="{kind}/{name}" Target="{target}"/>'
        for number, (name, target) in enumerate(listed, start=1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0"?><Relationships xmlns="{space}">{"".join(each)}</Relationships>'


def _book(sheets: Sequence[BinarySheet], from_1904: bool) -> Part:
    bundle = [
        (156, struct.pack("<II", sheet.state, number) + text(f"rId{number}") + text(sheet.title))
        for number, sheet in enumerate(sheets, start=1)
    ]
    return [(131, b""), (153, struct.pack("<III", from_1904, 0, 0)), (143, b""), *bundle, (144, b""), (132, b"")]


def _sheet(sheet: BinarySheet) -> Part:
    part: list[tuple[int, bytes]] = [(129, b"")]
    if sheet.hidden_columns:
        columns = [(60, struct.pack("<IIIIH", first, last, 2560, 0, 1)) for first, last in sheet.hidden_columns]
        part += [(390, b""), *columns, (391, b"")]
    part.append((145, b""))
    for number, cells in enumerate(sheet.rows):
        flags = 0x10 if number in sheet.hidden_rows else 0
        part.append((0, struct.pack("<IIHBBBII", number, 0, 300, 0, flags, 0, 1, 0) + struct.pack("<I", 16383)))
        part += cells
    part.append((146, b""))
    if sheet.merged:
        ranges = [(176, struct.pack("<IIII", top, bottom, left, right)) for top, left, bottom, right in sheet.merged]
        part += [(177, struct.pack("<I", len(ranges))), *ranges, (178, b"")]
    return [*part, (130, b"")]


def _styles(formats: Sequence[str]) -> Part:
    own = [(44, struct.pack("<H", 164 + number) + text(code)) for number, code in enumerate(formats)]
    numbers = [0, *range(164, 164 + len(formats))]
    styles = [(47, struct.pack("<HHHHHBBHH", 0, number, 0, 0, 0, 0, 0, 0, 1)) for number in numbers]
    count = struct.pack("<I", len(own)), struct.pack("<I", len(styles))
    above = [(626, struct.pack("<I", 1)), (47, struct.pack("<HHHHHBBHH", 0xFFFF, 0, 0, 0, 0, 0, 0, 0, 0)), (627, b"")]
    return [(278, b""), (615, count[0]), *own, (616, b""), *above, (617, count[1]), *styles, (618, b""), (279, b"")]
