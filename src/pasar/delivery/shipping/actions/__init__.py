"""What is done to zones and shipments: one verb, one file."""
