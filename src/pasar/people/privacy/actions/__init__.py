"""What changes: one verb, one file."""
