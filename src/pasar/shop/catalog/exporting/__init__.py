"""The catalogue as files that other shops read."""
