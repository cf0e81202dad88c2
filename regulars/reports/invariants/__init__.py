"""What must be true of the books at any moment, as questions that answer with the breaches."""
