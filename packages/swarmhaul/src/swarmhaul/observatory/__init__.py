"""Pages for whoever watches a market: what runs, who carries, what was paid, and on whose word.

They show what the API shows and decide nothing. Two words can be given here, and by nobody but the
holder of the key: that a load was received, and that it was not.
"""
