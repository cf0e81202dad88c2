"""A customer's own pages, and signing in to them."""
