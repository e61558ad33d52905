"""How fast is it? `pasar bench` drives a real server and lays the figures beside the floor of its own SQL."""
