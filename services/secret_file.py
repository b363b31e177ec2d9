"""A secret in a file of its own: a Docker or Kubernetes secret, or a credential of systemd."""

from pathlib import Path


def content(file: Path) -> str:
    """What the file holds, without spaces and line ends around it.

    Raises ValueError, which tells neither the path nor the content.
    """
    try:
        held = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise ValueError("names a file that is not there") from None
    except OSError:
        raise ValueError("names a file that cannot be read by the account of the dashboard") from None
    except ValueError:
        raise ValueError("names a file that holds no text") from None
    if not held:
        raise ValueError("names a file that is empty")
    return held
