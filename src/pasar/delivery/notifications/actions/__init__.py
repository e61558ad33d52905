"""What is done to messages: one verb, one file."""
