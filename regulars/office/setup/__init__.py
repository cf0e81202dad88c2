"""Features, and what messages say."""
