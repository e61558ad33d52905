"""What is done to companies: one verb, one file."""
