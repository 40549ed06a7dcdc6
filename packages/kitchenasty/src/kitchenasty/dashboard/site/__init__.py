"""The office's pages about what guests see of the house: branding, the front, pictures, words."""
