"""Work in the background: it ends with the process, breaks quietly, and tries the journal again."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from services import background
from services.background import BackgroundRunner, Inquiry, in_parallel, patiently
from services.journal.database import JournalError
from services.people.acting import begun_by, key_at_work
from tests.servers import PATIENCE, answered, eventually


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no further thread starts."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)


def test_close_waits_for_work_that_ends() -> None:
    runner, ended = BackgroundRunner("work"), threading.Event()

    def work() -> None:
        runner.stop.wait()
        ended.set()

    assert runner.start(work)
    runner.close(PATIENCE)
    assert ended.is_set()


def test_work_is_told_as_its_beginners() -> None:
    runner, told = BackgroundRunner("work"), list[str]()

    def work() -> None:
        in_parallel(lambda: told.append(key_at_work()), 2)

    with begun_by("key of anna"):
        assert runner.start(work) and runner.start(lambda: told.append(f"process {key_at_work()}"), person="")
    runner.close(PATIENCE)
    assert sorted(told) == ["key of anna", "key of anna", "process "]


def test_end_closes_the_last_first_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # Pages that other tests draw in this process have theirs there, and go on.
    monkeypatch.setattr(background, "_closing", [])
    closed: list[str] = []
    background.at_end(lambda: closed.append("journal"))
    background.at_end(lambda: closed.append("engine"))
    background.end()
    background.end()
    assert closed == ["engine", "journal"]


def test_close_leaves_work_that_does_not_end() -> None:
    runner, gate = BackgroundRunner("work"), threading.Event()
    runner.start(gate.wait)  # type: ignore[arg-type]  # its answer is not used
    runner.close(0)
    assert runner.stop.is_set()
    gate.set()


def test_broken_work_is_logged_without_its_text(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    unhandled: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", unhandled.append)

    link = "https://aseed.example/interview/SECRET"

    def work() -> None:
        raise ValueError(link)

    with caplog.at_level(logging.ERROR):
        BackgroundRunner("work").start(work)
        eventually(lambda: "ValueError" in caplog.text)
    assert "SECRET" not in caplog.text and not unhandled


@pytest.mark.usefixtures("no_room")
def test_start_says_when_no_thread_starts() -> None:
    assert not BackgroundRunner("work").start(lambda: None)


@pytest.mark.usefixtures("no_room")
def test_parallel_work_is_done_by_fewer_threads() -> None:
    done: list[str] = []
    in_parallel(lambda: done.append(threading.current_thread().name), 4)
    assert len(done) == 1


def test_parallel_work_raises_its_first_error() -> None:
    left = [1, 2, 3, 4]

    def work() -> None:
        if left.pop() == 1:
            raise ValueError("one of them")

    with pytest.raises(ValueError, match="one of them"):
        in_parallel(work, 4)
    assert not left


def test_journal_is_tried_until_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "FIRST_PAUSE", 0.001)
    problems = [JournalError("locked")] * 3

    def read() -> str:
        if problems:
            raise problems.pop()
        return "read"

    assert patiently(read, threading.Event(), "Batch 1") == "read"


def test_journal_is_not_tried_after_a_shutdown() -> None:
    tries: list[int] = []
    stop = threading.Event()
    stop.set()

    def read() -> None:
        tries.append(1)
        raise JournalError("locked")

    with pytest.raises(JournalError):
        patiently(read, stop, "Batch 1")
    assert tries == [1]


def test_many_who_ask_cost_one_question() -> None:
    asked, gate = iter(range(10)), threading.Event()

    def ask() -> int:
        gate.wait()
        return next(asked)

    inquiry = Inquiry(ask, every=PATIENCE, name="inquiry")
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(inquiry.wait, PATIENCE) for _ in range(8)]
        gate.set()
        assert {answer.result() for answer in answers} == {0}
    assert answered(inquiry.within(PATIENCE)) == 0


def test_question_that_hangs_keeps_no_one() -> None:
    gate = threading.Event()
    inquiry = Inquiry(gate.wait, every=0, name="inquiry that hangs")
    for _ in range(3):
        with pytest.raises(TimeoutError):
            answered(inquiry.within(0.01))
    assert [thread.name for thread in threading.enumerate()].count("inquiry that hangs") == 1
    gate.set()
    assert answered(inquiry.within(PATIENCE))


def test_old_answer_is_asked_for_again() -> None:
    asked = iter(range(10))
    inquiry = Inquiry(lambda: next(asked), every=0, name="inquiry")
    assert [inquiry.wait(PATIENCE), inquiry.wait(PATIENCE)] == [0, 1]


@pytest.mark.usefixtures("no_room")
def test_full_machine_answers_that_it_is() -> None:
    with pytest.raises(RuntimeError, match="no room for another thread"):
        Inquiry(lambda: 1, every=0, name="inquiry").wait(PATIENCE)
