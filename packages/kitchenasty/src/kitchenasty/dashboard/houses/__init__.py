"""The office's pages of houses: what they are, when they are open, how busy they are."""
