"""The figures that a process keeps of itself, for `/health/metrics`."""

from prometheus_client import Counter, Gauge, Histogram

REQUEST_SECONDS = Histogram(
    "pasar_request_seconds",
    "Duration of requests by route template",
    ["method", "route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
POOL_IN_USE = Gauge("pasar_database_connections_in_use", "Database connections busy right now")
POOL_WAITING = Gauge("pasar_database_connections_waiting", "Calls that wait for a database connection")
JOBS = Gauge("pasar_jobs", "Jobs by state", ["state"])
SCHEDULE_LAST_SUCCESS = Gauge(
    "pasar_schedule_last_success_seconds", "Unix time of the last run", ["schedule"]
)
EVENT_LAG = Gauge("pasar_event_lag_seconds", "Age of the oldest undelivered fact")
EVENTS_HELD = Gauge("pasar_events_held", "Deliveries that failed too often and stop their key")
CACHE = Counter("pasar_cache_total", "Cache look-ups by outcome", ["cache", "outcome"])
REVOCATION_FEED = Gauge(
    "pasar_revocation_feed_up", "Whether ended sign-ins are heard of, or looked up instead"
)
