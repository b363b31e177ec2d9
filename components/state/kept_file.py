"""A file's content outside the process's memory."""

from tempfile import TemporaryFile
from weakref import finalize


class KeptFile:
    """The content of a file, in a temporary file without a name. It is gone with the last reference to this object.

    So a session that ends, or forgets the file, leaves nothing behind.
    """

    def __init__(self, content: bytes) -> None:
        self._file = TemporaryFile(prefix="rooms-")  # noqa: SIM115 - closed by finalize
        finalize(self, self._file.close)
        self._file.write(content)
        self.size = len(content)

    def read(self) -> bytes:
        self._file.seek(0)
        return self._file.read()
