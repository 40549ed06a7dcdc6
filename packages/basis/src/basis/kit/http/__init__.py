"""What every product speaks at its edge."""
