"""The PDF that cards and posters are drawn into: its page, its fonts, and what it tells of itself."""

from io import BytesIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from services.export.cards.lettering import PLAIN, load
from services.export.made_by import MadeBy

# The streams of a PDF may be bytes; reportlab's way of writing them as text makes every file a quarter larger.
rl_config.useA85 = 0


def begun(file: BytesIO, page: tuple[float, float], title: str, made_by: MadeBy | None) -> Canvas:
    """A document before its first page. made_by: told in the file's properties."""
    load()
    # The first font would else be Helvetica, which is not in the file and so not at every printer's.
    canvas = Canvas(file, pagesize=page, pageCompression=1, initialFontName=PLAIN)  # type: ignore[arg-type]
    canvas.setTitle(title)
    # What reportlab writes there by itself says nothing about the file.
    for tell in (canvas.setAuthor, canvas.setSubject, canvas.setCreator, canvas.setProducer):
        tell("")
    if made_by:
        canvas.setAuthor(made_by.email)
        canvas.setSubject(made_by.properties)
    # Viewers shrink pages to a printer's margins by themselves, and cards then miss their labels.
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas
