"""Help for tests: databases, applications, makers of rows."""
