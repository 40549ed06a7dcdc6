"""The office's pages about the machinery: keys of programs, what was done by whom, how quick."""
