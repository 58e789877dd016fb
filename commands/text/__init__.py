"""Sentences about audits, quotas, results and tastes."""
