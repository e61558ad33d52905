"""What checkout does: one verb, one file."""
