"""What guests and houses read about reservations by mail, and when guests are reminded."""
