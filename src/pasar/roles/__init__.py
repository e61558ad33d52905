"""What each process runs, and the one registry of modules."""
