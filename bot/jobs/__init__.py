"""The durable queue of requests, their order, and how results reach people."""
