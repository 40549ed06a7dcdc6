"""Containers on 2 to 20 servers, from TOML that fits on a screen."""
