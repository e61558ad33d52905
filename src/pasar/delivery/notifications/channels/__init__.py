"""Ways to reach people: one port, an adapter each."""
