"""The catalogue: products, variants, categories, their import, export and search."""
