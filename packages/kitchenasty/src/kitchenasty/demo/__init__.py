"""A living restaurant to look at: the invented Juniper & Rye, its menu and five weeks of orders."""
