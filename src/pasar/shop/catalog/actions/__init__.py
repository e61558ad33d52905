"""What can be done to the catalogue: one verb, one file."""
