"""The pages of delivery zones: drawn, typed, sent as files, and asked about an address."""
