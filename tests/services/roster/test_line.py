"""The line before the readers of lists: in turn, for a bounded time, and told one's place."""

from contextlib import ExitStack
from threading import Event, Thread

import pytest

from services.roster import workbook
from services.roster.line import Line, say_nothing
from services.roster.sheet import ReadersBusy
from tests.servers import PATIENCE


class Leaves(BaseException):
    """As Streamlit stops a page whose browser has gone."""


def test_list_that_waits_learns_its_place() -> None:
    line, told, served = Line(2, PATIENCE), Event(), Event()
    heard: list[int] = []

    def say(before: int) -> None:
        heard.append(before)
        told.set()

    def wait() -> None:
        with line.place(say):
            served.set()

    waiting = Thread(target=wait)
    with ExitStack() as first:
        first.enter_context(line.place(say_nothing))
        with line.place(say_nothing):
            waiting.start()
            assert told.wait(PATIENCE) and heard[0] == 2 and not served.is_set()
        # One of two places is free, though the first reader is still at it.
        assert served.wait(PATIENCE)
    waiting.join()


def test_readers_come_in_their_order() -> None:
    line, order = Line(1, PATIENCE), list[int]()
    waiting = []
    with line.place(say_nothing):
        for number in range(6):
            stands = Event()
            waiting.append(Thread(target=_note, args=(line, stands, order, number)))
            waiting[-1].start()
            assert stands.wait(PATIENCE)
    for each in waiting:
        each.join()
    assert order == [*range(6)]


def _note(line: Line, stands: Event, order: list[int], number: int) -> None:
    with line.place(lambda _: stands.set()):
        order.append(number)


def test_waiting_ends_in_plain_words() -> None:
    line = Line(1, 0)
    with line.place(say_nothing), pytest.raises(ReadersBusy, match="1 of them before yours"), line.place(say_nothing):
        pass
    with line.place(say_nothing):
        pass


def test_one_who_leaves_keeps_nobody_waiting() -> None:
    def leave(_: int) -> None:
        raise Leaves

    line = Line(1, PATIENCE)
    with line.place(say_nothing), pytest.raises(Leaves), line.place(leave):
        pass
    with line.place(say_nothing):
        pass


def test_honest_list_is_read_behind_six_hostile_ones() -> None:
    line = workbook._READERS
    assert line._patience > 6 / line._at_once * workbook.MAX_SECONDS
