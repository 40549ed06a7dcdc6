"""The edge: requests, answers, pages and who may enter."""
