"""People and companies: who they are and what they may do."""
