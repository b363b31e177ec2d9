"""Several threads at one piece of work, none of which a shutdown waits for."""

import threading
from collections.abc import Callable


def in_parallel(work: Callable[[], None], threads: int) -> None:
    """Do the same work in several threads and wait for all; they are daemons, so that a shutdown waits for none."""
    started = []
    for _ in range(threads - 1):
        thread = threading.Thread(target=work, daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # The machine has no room for another thread: fewer do as well.
            break
        started.append(thread)
    work()
    for thread in started:
        thread.join()
