"""Open pages without a browser, many at once: what a browser sends, its timers, and what it keeps of the answers."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.servers import PATIENCE

KEPT_RUNS = 2
"""For so many drawings, of the page or a part, an answer is kept that does not come again."""

Value = str | int
"""What a person enters: text or a choice, or a number."""


@dataclass
class Tab:
    """An open page.

    page: the name that Streamlit has for it; pages: the names of all, by their addresses.
    widgets: the names that Streamlit has for them, by their keys; states: what was entered on this page.
    cached: the answers that a browser keeps, by their hash; met: in which drawing each came last.
    timers: those of the parts that are drawn by themselves.
    """

    address: str
    socket: ClientConnection
    query: str
    page: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    widgets: dict[str, str] = field(default_factory=dict)
    states: dict[str, WidgetState] = field(default_factory=dict)
    cached: dict[str, ForwardMsg] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)
    drawings: int = 0
    timers: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    drawn: asyncio.Event = field(default_factory=asyncio.Event)
    reading: asyncio.Task[None] = field(init=False)

    @classmethod
    async def open(
        cls, address: str, page: str = "", query: str = "", cookies: Mapping[str, str] | None = None
    ) -> Self:
        """Opens a page, and waits until it is drawn. page, query: as in the address."""
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as visitor:
            own = dict((await visitor.get(f"{address}/_stcore/health")).cookies)
        cookie = "; ".join(f"{name}={value}" for name, value in {**own, **(cookies or {})}.items())
        socket = await connect(
            address.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[Subprotocol("streamlit"), Subprotocol("none")],
            additional_headers={"Origin": address, "Cookie": cookie},
            max_size=None,
            open_timeout=PATIENCE,
            proxy=None,
        )
        tab = cls(address, socket, query)
        tab.reading = asyncio.create_task(tab._read())
        await tab._rerun(page_name=page)
        return tab

    async def close(self) -> None:
        """Closes the page, as a browser's tab is closed."""
        self._stop_timers()
        self.reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.reading
        await self.socket.close()

    async def enter(self, key: str, value: Value) -> float:
        """Enters a value, and returns after how many seconds the page was drawn with it."""
        name = self.widgets[key]
        state = WidgetState(id=name)
        if isinstance(value, int):
            state.int_value = value
        else:
            state.string_value = value
        self.states[key] = state
        return await self._rerun()

    async def go(self, page: str) -> float:
        """Goes to another page, and returns after how many seconds it was drawn."""
        self.page = self.pages[page]
        self.states.clear()
        return await self._rerun()

    async def _rerun(self, page_name: str = "") -> float:
        self.drawn.clear()
        begun = time.perf_counter()
        await self._ask(page_name=page_name)
        async with asyncio.timeout(PATIENCE):
            await self.drawn.wait()
        return time.perf_counter() - begun

    async def _ask(self, *, page_name: str = "", fragment: str = "") -> None:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string, rerun.page_name, rerun.page_script_hash = self.query, page_name, self.page
        rerun.fragment_id, rerun.is_auto_rerun = fragment, bool(fragment)
        rerun.widget_states.widgets.extend(self.states.values())
        rerun.cached_message_hashes.extend(self.cached)
        rerun.context_info.timezone, rerun.context_info.locale = "Europe/Berlin", "en-GB"
        await self.socket.send(message.SerializeToString())

    async def _read(self) -> None:
        async for received in self.socket:
            assert isinstance(received, bytes)
            message = ForwardMsg.FromString(received)
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                message = self.cached[message.ref_hash]
            elif message.metadata.cacheable:
                self.cached[message.hash] = message
            self.met[message.hash] = self.drawings
            self._take(message)

    def _take(self, message: ForwardMsg) -> None:
        is_whole = not message.metadata.run.fragment_ids
        match message.WhichOneof("type"):
            case "new_session" if is_whole:
                self._stop_timers()
            case "navigation":
                self.page = message.navigation.page_script_hash
                self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            case "delta":
                self._note_widget(message)
            case "auto_rerun":
                fragment = message.auto_rerun.fragment_id
                self._stop_timer(fragment)
                self.timers[fragment] = asyncio.create_task(self._again(fragment, message.auto_rerun.interval))
            case "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    self._stop_timer(fragment)
            case "script_finished":
                self._forget_old()
                if is_whole and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    self.drawn.set()

    def _forget_old(self) -> None:
        self.drawings += 1
        self.met = {name: last for name, last in self.met.items() if last >= self.drawings - KEPT_RUNS}
        self.cached = {name: message for name, message in self.cached.items() if name in self.met}

    def _note_widget(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        name = getattr(getattr(element, kind), "id", "") if kind else ""
        # Streamlit puts the key after a hash, which has no hyphen.
        if name.startswith("$$ID-"):
            self.widgets[name.split("-", 2)[2]] = name

    async def _again(self, fragment: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self._ask(fragment=fragment)

    def _stop_timer(self, fragment: str) -> None:
        if timer := self.timers.pop(fragment, None):
            timer.cancel()

    def _stop_timers(self) -> None:
        for fragment in list(self.timers):
            self._stop_timer(fragment)
