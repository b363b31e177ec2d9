"""Numbers for Prometheus, on a port of their own; none has an id, and each label has few values.

What happens in this process is counted as services.events tells it; how the journal is, which all dashboards on it
share, is asked when the numbers are.
"""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    start_http_server,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from services import events
from services.aseed import errors
from services.background import Inquiry
from services.journal.batch_reads import BatchReads
from services.settings import SettingsError

KINDS = ("create", "GET", "POST", "PUT", "PATCH", "DELETE")
OUTCOMES = (
    "ok",
    *(
        kind.__name__
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.AseedError)
    ),
)

SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Bounds of the latencies: a creation is waited for a minute."""

JOURNAL_SECONDS = 2.0
"""How long the journal may take to answer, and for how long its answer counts."""


class Metrics:
    """The numbers of this process. batches: of the journal. sessions: how many are open."""

    def __init__(self, batches: BatchReads, sessions: Callable[[], int]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = of = CollectorRegistry()
        ProcessCollector(registry=of)
        self._asked = Inquiry(batches.open_states, JOURNAL_SECONDS, "metrics")
        self._calls = Counter("rooms_aseed_calls", "Requests to Aseed", ["kind", "outcome"], registry=of)
        self._seconds = Histogram("rooms_aseed_call_seconds", "Their time", ["kind"], registry=of, buckets=SECONDS)
        self._created = Counter("rooms_created", "Rooms that Aseed answered to creations", registry=of)
        self._ended = Counter("rooms_batches_ended", "Batches that ended here", ["state"], registry=of)
        self._handed = Counter("rooms_handouts", "Links, by what became of them at desks", ["what"], registry=of)
        self._changed = Counter("rooms_changed", "Rooms in bulk changes, by result", ["result"], registry=of)
        self._failed = Counter("rooms_journal_errors", "Failures of the journal", registry=of)
        Gauge("rooms_open_sessions", "Browser sessions", registry=of).set_function(sessions)
        # From the start: of what appears with its first count, Prometheus sees no increase.
        for kind in KINDS:
            for outcome in OUTCOMES:
                self._calls.labels(kind, outcome)
        of.register(self)

    def collect(self) -> Iterable[Metric]:
        """How the journal is now; without its batches where it does not answer."""
        try:
            found = self._asked.wait(JOURNAL_SECONDS)
        except Exception:
            # Told by the journal itself; here it is a number.
            yield GaugeMetricFamily("rooms_journal_up", "Whether the journal answers", 0)
            return
        yield GaugeMetricFamily("rooms_journal_up", "Whether the journal answers", 1)
        batches = GaugeMetricFamily("rooms_open_batches", "Batches that have not ended, by state", labels=["state"])
        for state, (count, _) in found.items():
            batches.add_metric([state], count)
        yield batches
        lost = sum(calls for _, calls in found.values())
        yield GaugeMetricFamily("rooms_unknown_outcomes", "Calls that may have created rooms, not yet settled", lost)

    def describe(self) -> Iterable[Metric]:
        """Nothing: else the journal would be asked already when this is registered."""
        return ()

    def count(self, event: str, facts: Mapping[str, events.Fact]) -> None:
        """Counts an event."""
        match event, facts:
            case "aseed.call", {"kind": str(kind), "outcome": str(outcome), "seconds": float(seconds)}:
                # A kind that is not known could have any name.
                self._calls.labels(kind, outcome if outcome in OUTCOMES else "AseedError").inc()
                self._seconds.labels(kind).observe(seconds)
                if kind == "create" and outcome == "ok":
                    self._created.inc(int(facts.get("rooms") or 0))
            case "batch.ended", {"state": str(state)}:
                self._ended.labels(state).inc()
            case "handout", {"what": str(what), "rooms": int(rooms)}:
                self._handed.labels(what).inc(rooms)
            case "changes.ended", _:
                for result, its in facts.items():
                    if result != "rooms" and isinstance(its, int):
                        self._changed.labels(result).inc(its)
            case "journal.error", _:
                self._failed.inc()

    def serve(self, port: int, address: str) -> None:
        """Counts from now on, and gives the numbers to who asks. Raises SettingsError where it cannot listen."""
        try:
            start_http_server(port, address, self.registry)
        except OSError:
            raise SettingsError(
                "ROOMS_METRICS_PORT: this port and ROOMS_METRICS_ADDRESS cannot be listened on"
            ) from None
        events.listeners.append(self.count)
