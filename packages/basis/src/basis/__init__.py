"""What every product stands on: money, time, ids, errors, events and signing, without a library."""
