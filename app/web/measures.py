"""What is counted of requests, for whoever watches the site. No names, no addresses."""

from prometheus_client import CollectorRegistry, Counter, Histogram

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "tracker_requests",
    "Requests that were answered, by method, route and status.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
SECONDS = Histogram(
    "tracker_request_seconds",
    "How long the answers took to make.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
QUERIES = Counter(
    "tracker_database_statements",
    "Statements sent to the database to answer requests.",
    ["route"],
    registry=REGISTRY,
)


def observe(method: str, route: str, status: int, seconds: float, queries: int) -> None:
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)
    if queries:
        QUERIES.labels(route).inc(queries)
