"""What is done to users and customers: one verb, one file."""
