"""Gift cards: chosen, kept, sent to others."""
