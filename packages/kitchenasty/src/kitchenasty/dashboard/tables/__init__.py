"""The pages of the tables: the day, the plan of the rooms, the telephone, the trends."""
