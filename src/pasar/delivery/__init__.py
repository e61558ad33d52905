"""How goods and messages reach people: shipping and, later, notifications."""
