"""A living restaurant to look at: the invented group Juniper & Rye, its menu and five weeks of orders."""
