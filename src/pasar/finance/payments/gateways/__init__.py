"""Gateways: one file a provider behind the port in `gateway.py`, one line in `registry.py`."""
