"""Companies: merchants and the sites that are their shop windows.

Owns companies, sites, their switches and settings. Promises that which site answers a call is known without
a query, from memory at most a second old, and stays known while the database is away. Publishes its reads and
actions by `public.py`.
"""
