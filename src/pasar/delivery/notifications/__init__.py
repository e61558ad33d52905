"""Notifications: what people are told, over which channel, and whether it left.

Owns the messages and, outside production, the mailbox that keeps their text. Promises that a message is
asked for in the transaction of its cause, at most once per cause (`dedupe_key`), and leaves by a job outside
of any transaction, tried again until the channel takes or refuses it. A mail server may get a message twice
when a worker dies between handing it over and noting it, always under one Message-ID. What a message says is
written when it leaves, by the module that knows: only ids wait in the table, never texts or secrets.
"""
