"""How a business is set up."""
