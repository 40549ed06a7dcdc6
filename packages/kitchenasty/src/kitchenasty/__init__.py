"""The software an independent restaurant runs on: orders, the kitchen, the house's people."""
