"""The office's guests: the list, one guest, what the house knows of them."""
