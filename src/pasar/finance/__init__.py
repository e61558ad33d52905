"""Money: taxes, payments and, later, the ledger."""
