"""The goods of the demo shop: what they are (``goods``) and how they look (``drawings``)."""
