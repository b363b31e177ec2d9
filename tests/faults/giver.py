"""A process that empties a pool, one link after the other, and prints the ids of their rooms.

    python -m tests.faults.giver JOURNAL NAME KIND

KIND `claim`: each link under a key of its own, once it has printed `ready` and read a line.
KIND `give`: under one key, each link on paper before the next, one for each line of the standard input. Once that is
closed, it gives all that are left.
"""

import sys
from collections.abc import Iterator
from contextlib import closing

from services.journal.desk.records import Kind, Offer, Station
from services.journal.journal import Journal
from services.journal.visibility import Visibility
from tests.entries import entry

PROJECT = "00000000-0000-0000-0000-000000000001"
MINE = Visibility("https://aseed.example/custdev", "account")


def station(key: str) -> Station:
    return Station(key, Kind.DESK, PROJECT, key)


def offers(count: int) -> list[Offer]:
    rooms = [entry(number, id=f"room-{number}", project_id=PROJECT).room for number in range(1, count + 1)]
    return [Offer(room, room.url, number, "", "", False) for number, room in enumerate(rooms, start=1)]


def claims(journal: Journal, name: str) -> Iterator[str]:
    """Claims that stay claims, each by a station of its own; gives the ids of the rooms."""
    number = 0
    while claimed := journal.hand_outs.claim(MINE, station(f"{name}-{number}")):
        number += 1
        yield claimed.room_id


def gifts(journal: Journal, name: str) -> Iterator[str]:
    """Links on paper, from one station; gives the ids of their rooms."""
    while sys.stdin.readline() is not None and (claimed := journal.hand_outs.claim(MINE, station(name))):
        journal.hand_outs.record_status(MINE, claimed.room_id, claimed.room)
        if journal.hand_outs.give_on_paper(MINE, claimed.room_id, name):
            yield claimed.room_id


def main(url: str, name: str, kind: str) -> None:
    with closing(Journal(url)) as journal:
        if kind == "claim":
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            sys.stdin.readline()
        for room_id in {"claim": claims, "give": gifts}[kind](journal, name):
            sys.stdout.write(f"{room_id}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
