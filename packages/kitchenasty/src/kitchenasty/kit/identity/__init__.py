"""Who somebody is: passwords, sessions and signing in."""
