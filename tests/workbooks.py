"""Workbooks as other programs write them."""

import io
import zipfile


def strict(content: bytes) -> bytes:
    """The workbook in the strict form of OOXML (ISO/IEC 29500-1), which has namespaces of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.namelist():
            part = old.read(entry).replace(b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/")
            new.writestr(entry, part)
    return file.getvalue()
