"""A guest reserves, changes and cancels: the pages, and the API of reservations."""
