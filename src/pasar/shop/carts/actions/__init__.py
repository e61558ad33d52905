"""What can be done to a cart: one verb, one file."""
