"""Shaped lines in a PDF: their operators, and of each font no more than the glyphs that the file draws."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeAlias

import uharfbuzz  # type: ignore[import-untyped]  # it has no types
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from services.export.cards.scripts import WEIGHT, Face
from services.export.cards.shaping import Glyph, Line

_Document: TypeAlias = Any
"""A document of reportlab: the types that are published for it leave out what fonts need."""

_NEEDLESS = ("GSUB", "GPOS", "GDEF", "STAT", "name", "OS/2", "post", "vmtx", "vhea", "VORG", "cmap", "BASE", "DSIG")
"""Tables of a font that a PDF does not use: its text is shaped already."""

_AT_ONCE = 100
"""Lines that one block of a CMap may have."""

_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >> def
/CMapName /{name} def
/CMapType {kind} def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


@dataclass
class _Used:
    """What a document uses of a font: one code for each glyph that stands for a text.

    reportlab calls `addObjects` when the document is saved.
    """

    face: Face
    name: str
    codes: dict[tuple[int, str], int] = field(default_factory=dict)

    def code(self, glyph: Glyph) -> int:
        return self.codes.setdefault((glyph.index, glyph.text), len(self.codes) + 1)

    def advance(self, index: int) -> float:
        """In thousandths of an em."""
        return round(float(self.face.font.get_glyph_h_advance(index) * 1000 / self.face.face.upem), 1)

    def addObjects(self, document: _Document) -> None:
        """Adds the font with the glyphs that are used. It is composite, as it may have more than 256 of them."""
        subset, numbers = _subset(self.face, {index for index, _ in self.codes})
        base = f"{_tag(self.name)}+{self.face.name}"
        is_cff = "CFF " in subset.table_tags
        cids = {code: numbers[index] for (index, _), code in self.codes.items()}
        described = {
            "Type": "/Font",
            "Subtype": "/CIDFontType0" if is_cff else "/CIDFontType2",
            "BaseFont": f"/{base}",
            "CIDSystemInfo": pdfdoc.PDFDictionary({"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0}),
            "FontDescriptor": document.Reference(self._descriptor(document, subset, base, is_cff)),
            "W": self._widths(numbers),
        }
        if not is_cff:
            described["CIDToGIDMap"] = "/Identity"
        encoding = _stream(document, _cmap(self.name, "Identity", 1, "cidchar", {c: str(n) for c, n in cids.items()}))
        encoding.dictionary.dict.update(
            Type="/CMap", CMapName=f"/{self.name}", CIDSystemInfo=described["CIDSystemInfo"]
        )
        texts = {code: f"<{text.encode('utf-16-be').hex()}>" for (_, text), code in self.codes.items() if text}
        font = {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": f"/{base}",
            "Encoding": document.Reference(encoding),
            "DescendantFonts": pdfdoc.PDFArray([document.Reference(pdfdoc.PDFDictionary(described))]),
            "ToUnicode": document.Reference(_stream(document, _cmap(self.name, "UCS", 2, "bfchar", texts))),
        }
        document.idToObject["BasicFonts"].dict[self.name] = pdfdoc.PDFDictionary(font)

    def _widths(self, numbers: dict[int, int]) -> pdfdoc.PDFArray:
        widths: list[object] = []
        for index, number in sorted(numbers.items(), key=lambda pair: pair[1]):
            widths += [number, pdfdoc.PDFArray([self.advance(index)])]
        return pdfdoc.PDFArray(widths)

    def _descriptor(self, document: _Document, subset: uharfbuzz.Face, base: str, is_cff: bool) -> pdfdoc.PDFDictionary:
        file = _stream(document, subset.reference_table("CFF ").data if is_cff else subset.blob.data)
        file.dictionary.dict.update({"Subtype": "/CIDFontType0C"} if is_cff else {"Length1": len(file.content)})
        thousand = 1000 / self.face.face.upem
        lines = self.face.font.get_font_extents("ltr")
        ascent, descent = round(lines.ascender * thousand), round(lines.descender * thousand)
        return pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": f"/{base}",
                # Symbolic: it has characters outside the standard Latin ones.
                "Flags": 4,
                "FontBBox": pdfdoc.PDFArray([-1000, descent, 3000, ascent]),
                "ItalicAngle": 0,
                "Ascent": ascent,
                "Descent": descent,
                "CapHeight": ascent,
                "StemV": 120,
                "FontFile3" if is_cff else "FontFile2": document.Reference(file),
            }
        )


class ShapedFonts:
    """The fonts of a document that draw shaped lines."""

    def __init__(self, canvas: Canvas) -> None:
        untyped: Any = canvas
        self._document: _Document = untyped._doc
        self._used: dict[Face, _Used] = {}

    def operators(self, line: Line, x: float, y: float, size: float) -> str:
        """The operators that draw a line, from which readers of the file take its text.

        x, y: where it starts on its baseline, in points.
        size: in points.
        """
        parts = ["q BT"]
        for single, pieces in groupby(_pieces(line.glyphs), key=lambda piece: len(piece) == 1):
            if single:
                glyphs = [glyph for piece in pieces for glyph in piece]
                parts += self._shown(glyphs, x, y, size)
                continue
            for piece in pieces:
                # Each of these glyphs alone stands for no text.
                text = piece[0].text.encode("utf-16-be").hex()
                parts += [f"/Span <</ActualText <feff{text}>>> BDC", *self._shown(piece, x, y, size), "EMC"]
        return " ".join([*parts, "ET Q"])

    def _shown(self, glyphs: Sequence[Glyph], x: float, y: float, size: float) -> list[str]:
        return [
            self._shown_at_once(list(alike), x, y, size)
            for _, alike in groupby(glyphs, key=lambda glyph: (glyph.face, glyph.y))
        ]

    def _shown_at_once(self, glyphs: Sequence[Glyph], x: float, y: float, size: float) -> str:
        """The operators for glyphs of one font at one height."""
        used = self._font(glyphs[0].face)
        pen, shown = glyphs[0].x * 1000, []
        for glyph in glyphs:
            if apart := round(pen - glyph.x * 1000):
                shown.append(str(apart))
                pen -= apart
            shown.append(f"<{used.code(glyph):04x}>")
            pen += used.advance(glyph.index)
        place = f"{x + glyphs[0].x * size:.2f} {y + glyphs[0].y * size:.2f}"
        return f"/{used.name} {size:g} Tf 1 0 0 1 {place} Tm [{''.join(shown).replace('><', '')}] TJ"

    def _font(self, face: Face) -> _Used:
        if face not in self._used:
            used = self._used[face] = _Used(face, f"S{len(self._used)}")
            self._document.fontMapping[used.name] = f"/{used.name}"
            self._document.delayedFonts.append(used)
        return self._used[face]


def _pieces(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The glyphs, together where they stand for a text together."""
    pieces: list[list[Glyph]] = []
    for glyph in glyphs:
        if glyph.text or not pieces:
            pieces.append([glyph])
        else:
            pieces[-1].append(glyph)
    return pieces


def _subset(face: Face, indexes: set[int]) -> tuple[uharfbuzz.Face, dict[int, int]]:
    """A font of these glyphs alone, and by the index of each the one that it has there."""
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(indexes)
    flags = uharfbuzz.SubsetFlags
    # A PDF knows no CFF2; the flag makes CFF of it.
    wanted.flags = flags.NO_LAYOUT_CLOSURE | flags.NO_HINTING | flags.DOWNGRADE_CFF2 | flags.NOTDEF_OUTLINE
    if face.is_variable:
        wanted.pin_all_axes_to_default(face.face)
        wanted.pin_axis_location(face.face, "wght", WEIGHT)
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode()) for tag in _NEEDLESS)
    plan = uharfbuzz.SubsetPlan(face.face, wanted)
    numbers = dict(plan.old_to_new_glyph_mapping.items())
    return plan.execute(), {index: numbers[index] for index in indexes}


def _stream(document: _Document, content: bytes | str) -> pdfdoc.PDFStream:
    return pdfdoc.PDFStream(content=content, filters=[pdfdoc.PDFZCompress] if document.compression else None)


def _cmap(name: str, ordering: str, kind: int, what: str, values: dict[int, str]) -> str:
    """A CMap from codes to values (PDF 1.7, 9.7.5.4 and 9.10.3). what: the operator's name without begin and end."""
    lines = [f"<{code:04x}> {value}" for code, value in values.items()]
    blocks = [
        "\n".join([f"{len(block)} begin{what}", *block, f"end{what}"])
        for block in (lines[start : start + _AT_ONCE] for start in range(0, len(lines), _AT_ONCE))
    ]
    return _CMAP.format(name=name, ordering=ordering, kind=kind, blocks="\n".join(blocks))


def _tag(name: str) -> str:
    """Six capitals that tell the subsets of a file apart (PDF 1.7, 9.6.4)."""
    number = int(name[1:])
    return f"SHAP{chr(65 + number // 26)}{chr(65 + number % 26)}"
