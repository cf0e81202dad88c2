"""Choosing what is booked, and the visits that came of it."""
