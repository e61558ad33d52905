"""Search in memory: words, typos, filters, facets and ranking over one company's catalogue."""
