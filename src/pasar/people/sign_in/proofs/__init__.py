"""Proofs that an e-mail address or a phone number is somebody's: a link or a code that only they receive.

A request is a row, made in a transaction with a fact; what it says leaves by a job, and only then is its
secret made, so that no secret stands in a fact, a job or a log. Of secrets only hashes are stored. A link
works once, a code three times wrong and never again.
"""
