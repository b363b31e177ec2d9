"""A process that takes links from a pool until it is empty, one after the other, and says which.

    python -m tests.faults.giver JOURNAL NAME KIND

KIND is `claim`, under a key of its own for each link, or `give`: under one key, each on paper before the next, and one
for each line that it is told, until it is told no more; then all that are left.
"""

import sys
from collections.abc import Iterator
from contextlib import closing

from services.journal.desk.records import Kind, Offer, Station
from services.journal.journal import Journal
from services.journal.visibility import Visibility
from tests.entries import entry

PROJECT = "00000000-0000-0000-0000-000000000001"
SIGHT = Visibility("https://aseed.example/custdev", "account")


def station(key: str) -> Station:
    return Station(key, Kind.DESK, PROJECT, key)


def offers(count: int) -> list[Offer]:
    rooms = [entry(number, id=f"room-{number}", project_id=PROJECT).room for number in range(1, count + 1)]
    return [Offer(room, room.url, number, "", "", False) for number, room in enumerate(rooms, start=1)]


def claims(journal: Journal, name: str) -> Iterator[str]:
    """Claims that stay claims: each as a station of its own."""
    number = 0
    while claimed := journal.hand_outs.claim(SIGHT, station(f"{name}-{number}")):
        number += 1
        yield claimed.room_id


def gifts(journal: Journal, name: str) -> Iterator[str]:
    """Links on paper, from one station."""
    while sys.stdin.readline() is not None and (claimed := journal.hand_outs.claim(SIGHT, station(name))):
        room = next(offer.room for offer in offers(1)).model_copy(update={"id": claimed.room_id})
        journal.hand_outs.record_status(SIGHT, claimed.room_id, room)
        if journal.hand_outs.give_on_paper(SIGHT, claimed.room_id, name):
            yield claimed.room_id


def main(url: str, name: str, kind: str) -> None:
    with closing(Journal(url)) as journal:
        for room_id in {"claim": claims, "give": gifts}[kind](journal, name):
            sys.stdout.write(f"{room_id}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
