"""The office's webhooks: who is told what, and how it went."""
