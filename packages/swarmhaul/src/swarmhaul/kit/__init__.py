"""What every slice of SwarmHaul stands on: who acts, its tables, its books, what is set from
outside, and the edge of its API.
"""
