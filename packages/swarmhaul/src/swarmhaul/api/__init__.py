"""What the doors of SwarmHaul have in common: whose key they need, what is refused and how, and
how the whole is described.
"""
