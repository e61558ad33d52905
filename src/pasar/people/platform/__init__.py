"""Platform: what the company that runs the installation may do for others.

Owns no tables. Promises that it opens companies and names them, and sees nothing else of any company but its
own: no people, goods, orders or money.
"""
