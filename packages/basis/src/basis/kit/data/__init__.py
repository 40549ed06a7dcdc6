"""Both databases, the unit of work, and what commits with it: events, jobs, answers."""
