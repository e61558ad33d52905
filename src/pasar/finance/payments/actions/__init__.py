"""What is done to payments: one verb, one file. Each takes the open session and never commits."""
