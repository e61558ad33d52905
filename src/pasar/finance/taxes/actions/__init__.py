"""What is done to tax rates: one verb, one file."""
