"""Run a service: backup, doctor, health, logs, metrics, retention."""
