"""What every page shares: layout, components, styles, the back office kit."""
