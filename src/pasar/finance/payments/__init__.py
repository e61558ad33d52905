"""Payments: attempts to be paid for an order, and the gateways that they go through.

Owns one row an attempt. Promises that an attempt ends once (paid, expired or voided), by compare-and-set,
and that no gateway is called over a network inside a transaction. Publishes `payment.paid` and
`payment.expired`.
"""
