"""The office's pages of the menu."""
