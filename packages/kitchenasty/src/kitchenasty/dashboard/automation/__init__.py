"""The office's rules: made without code, rehearsed, switched on, and what they did."""
