"""Rules that owners make without code: when something happens, on a condition, do this.

The engine knows no slice: each brings its facts, `main` hands them in.
"""
