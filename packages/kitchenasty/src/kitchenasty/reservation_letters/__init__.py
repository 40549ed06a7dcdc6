"""What guests and the house read about reservations by mail."""
