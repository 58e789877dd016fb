"""Run Easel for people: platforms, jobs, quotas, tastes and the database."""
