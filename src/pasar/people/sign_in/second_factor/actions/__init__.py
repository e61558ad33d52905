"""What is done to a person's factors: one verb, one file. Each locks the person's factors first."""
