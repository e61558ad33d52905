"""What is done at sign-in and sign-out: one verb, one file."""
