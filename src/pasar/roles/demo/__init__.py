"""The demo shop: believable goods, people and orders, made by the real actions."""
