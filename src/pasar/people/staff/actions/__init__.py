"""What is done with staff: one verb, one file."""
