"""Who works here, within which limits, and how guessing is slowed down."""
