"""Takes the pictures that README.md and docs/users show, of a real demo house in Chromium."""
