"""Rooms as files: the links file, the workbook and the pack of codes, each against the plain way of writing it."""

import csv
import io
import tempfile
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import qrcode
import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from services.aseed.models import InterviewRoomResponse
from services.export.codes import qr
from services.export.codes.pack import Picture, code_pack
from services.export.table import COLUMNS, Kind, links_csv, room_columns
from services.export.workbook import LOCAL_FORMAT, UTC_FORMAT, links_workbook
from services.journal.records import RoomRecord
from services.link import Link
from services.participants import Participant
from services.rooms.entry import Entry
from tests.bench.timing import COMPUTING, at_most, compare, faster, note
from tests.entries import BERLIN, CHECK

ROOMS = 10_000
CODES = 1_000


def entries(count: int) -> list[Entry]:
    """Rooms with something in every column, of which nothing but what a study shares is the same twice."""
    now = datetime.now(UTC)
    return [_entry(number, now + timedelta(seconds=number)) for number in range(1, count + 1)]


def _entry(number: int, moment: datetime) -> Entry:
    person = Participant(label=f"Anna K. {number}", email=f"anna{number}@example.org", external_id=f"P-{number:05}")
    room = InterviewRoomResponse(
        id=f"01a20ab6-f4b4-7122-a51a-{number:012}",
        project_id="01a20ab6-f4b4-7122-a51a-063e2ba00ec3",
        record_id=f"01a20ab6-f4b4-7122-a51b-{number:012}",
        access_token=f"{number:032}",
        url=f"https://app.aseed.ai/interview/{number:032}",
        room_name=f"interview-{number}",
        respondent_email=f"anna{number}@example.org",
        max_duration_minutes=30,
        status="completed",
        created_at=moment.replace(second=0),
        expires_at=moment.replace(second=0) + timedelta(days=7),
        started_at=moment,
        finished_at=moment + timedelta(minutes=25),
        created_by="me",
        language="English",
        voice="marin",
    )
    return Entry(room, "Coffee", number, person, RoomRecord(room.id, 1, "Week 3", number, room.url, person), CHECK)


def bench_csv() -> None:
    """The links file with every guard, against csv.writer with none."""
    chosen = entries(ROOMS)
    ours = partial(links_csv, chosen, BERLIN)
    ready = list(csv.reader(io.StringIO(ours().decode("utf-8-sig"), newline="")))

    def bare() -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(ready)
        return text.getvalue().encode()

    compare(
        f"CSV of {ROOMS:,} rooms, {len(COLUMNS)} columns / bare csv.writer", bare, ours, at_most(2), clock=COMPUTING
    )


def bench_xlsx() -> None:
    """The workbook with every guard, against xlsxwriter writing the same cells; and what it takes of memory."""
    chosen = entries(ROOMS)
    ours = partial(links_workbook, chosen, BERLIN)
    ready = [[number, *_values(entry)] for number, entry in enumerate(chosen, start=1)]
    what = f"XLSX of {ROOMS:,} rooms, {len(COLUMNS)} columns / bare xlsxwriter"
    compare(what, partial(_bare_workbook, ready), ours, at_most(1.15), clock=COMPUTING)
    tracemalloc.start()
    file = ours()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    note(f"its memory at most, with the file of {len(file) / 1e6:.1f} MB", peak, "MB", at_most(5))


def _values(entry: Entry) -> list[object]:
    """What a row holds, ready for xlsxwriter: moments without a zone, and nothing for what is empty."""
    values: list[object] = []
    for column in room_columns(room_ids=False):
        value = BERLIN.key if column.kind is Kind.ZONE else column.read(entry)
        if isinstance(value, datetime):
            value = (value.astimezone(BERLIN) if column.kind is Kind.LOCAL else value).replace(tzinfo=None)
        values.append(value.target if isinstance(value, Link) else value or None)
    return values


def _bare_workbook(rows: list[list[object]]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bare.xlsx"
        with xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder}) as book:
            kinds = {Kind.UTC: UTC_FORMAT, Kind.LOCAL: LOCAL_FORMAT}
            forms = {kind: book.add_format({"num_format": form}) for kind, form in kinds.items()}
            sheet = book.add_worksheet()
            ways = {
                Kind.NUMBER: sheet.write_number,
                Kind.LINK: sheet.write_url,
                Kind.UTC: sheet.write_datetime,
                Kind.LOCAL: sheet.write_datetime,
            }
            columns = [
                (ways.get(column.kind, sheet.write_string), forms.get(column.kind))
                for column in room_columns(room_ids=False)
            ]
            columns.insert(0, (sheet.write_number, None))
            sheet.write_row(0, 0, COLUMNS)
            for row, values in enumerate(rows, start=1):
                for column, (value, (write, form)) in enumerate(zip(values, columns, strict=True)):
                    if value is not None:
                        write(row, column, value, form)
        return file.read_bytes()


def bench_pack() -> None:
    """The pack of codes, against qrcode's own pictures, made one after another and compressed again."""
    chosen = entries(CODES)
    links = cycle(entry.link.text for entry in chosen)

    def plain() -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
            # A tenth is enough to know: it takes a minute otherwise.
            for number, link in enumerate(islice(links, CODES // 10)):
                picture = io.BytesIO()
                symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
                symbol.add_data(link)
                symbol.make_image().save(picture, "PNG")
                pack.writestr(f"{number}.png", picture.getvalue())
        return file.getvalue()

    def ours() -> bytes:
        qr.png.cache_clear()
        return code_pack(chosen, BERLIN, Picture.PNG)

    compare(f"ZIP of {CODES:,} codes as PNG / qrcode and PIL", plain, ours, faster(10), of=1 / 10, clock=COMPUTING)
