"""Receipts: one document for page, PDF, mail and printer, numbered without gaps."""

from kitchenasty.receipts.service import Number, Paper, find_number, issue, load_paper

__all__ = ["Number", "Paper", "find_number", "issue", "load_paper"]
