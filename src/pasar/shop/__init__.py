"""The goods and their sale: catalogue, stock, carts, checkout, orders."""
