"""What a business is set up with."""
