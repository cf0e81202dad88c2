"""What is sold: the catalogue and gift cards."""
