"""How quick the real server is on real data. Results are printed, never asserted."""
