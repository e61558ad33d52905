"""What is done to memberships: one verb, one file."""
