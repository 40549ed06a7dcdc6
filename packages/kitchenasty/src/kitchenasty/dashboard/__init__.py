"""The office: today, orders, staff, for the people who run the house."""
