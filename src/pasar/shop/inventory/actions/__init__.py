"""What is done to stock: one verb, one file. Each takes the open session and never commits."""
