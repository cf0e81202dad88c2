"""What falls due by itself, and what is brought along from before."""
