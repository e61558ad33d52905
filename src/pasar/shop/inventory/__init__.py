"""Inventory: how much lies where, how much of it is promised, and why it changed.

Owns locations, stock levels, holds and the history of adjustments. Promises that the same piece is never
promised twice (a claim is one statement over locked rows, with CHECKs behind it), that a hold and its expiry
are one row, and that an order's stock is released, shipped or still held, never two of them. Publishes the
view `inventory_available`, its verbs by `public.py`, and the fact `inventory.adjusted`.

The order of locks, for every transaction that touches stock, so that none waits in a circle:

1. the order's row, then its holds (`stock_holds`; the sweep skips those that another has locked);
2. locations, by id: FOR SHARE for who puts stock there, FOR UPDATE of all of a company's for who closes one;
3. stock levels, by (company, variant, location), all that the transaction needs in one statement;
4. products, by id (`in_stock.tell_catalogue`, once and last), their variants, the catalogue's revision.

Who writes products and stock together locks locations and levels first (`lock_stock`): so does the catalogue
when it adds a variant. An import locks locations before products, adds rows only for variants that nobody
else can see yet, and does the rest in a later transaction (`shop.catalog.importing.stock_work`).
"""
