"""LibreOffice, which opens the spreadsheets that we make as a person's own program would."""

import os
import shutil
import subprocess
from pathlib import Path

MACOS = "/Applications/LibreOffice.app/Contents/MacOS/soffice"

SECONDS = 120
"""How long a conversion may take; the first one on a machine sets LibreOffice up."""


def program() -> str:
    """The path of LibreOffice, or empty text where it is not."""
    return shutil.which("soffice") or (MACOS if os.access(MACOS, os.X_OK) else "")


def converted(file: Path, to: str, reading: str = "") -> Path:
    """The file as LibreOffice reads it and writes it in another format, such as `xlsx`, in a folder beside the file.

    reading: the filter and its options with which it is read, where the ones that LibreOffice chooses will not do.
    """
    folder = file.parent / f"{file.name}-as-{to}"
    # A profile of its own: with a shared one, a second LibreOffice hands its work to the first and leaves.
    profile = (file.parent / "profile").as_uri()
    command = [program() or "soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", to]
    if reading:
        command.append(f"--infilter={reading}")
    subprocess.run([*command, "--outdir", folder, file], check=True, capture_output=True, timeout=SECONDS)
    return folder / f"{file.stem}.{to}"
