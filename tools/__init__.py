"""What maintainers run: contracts for the linter, fetching of vendored files."""
