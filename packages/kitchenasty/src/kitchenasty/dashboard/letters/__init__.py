"""The office's pages of letters: how they went, and what they say."""
