"""The extras: the plumbing that every product stands on, and that needs libraries (`basis[kit]`).

What stands beside this folder needs the standard library alone.
"""
