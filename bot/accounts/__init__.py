"""Accounts on several platforms that belong to one person: linking and merging."""
