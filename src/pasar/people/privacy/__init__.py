"""Personal data: what is known of a person, told, taken along, and forgotten."""
