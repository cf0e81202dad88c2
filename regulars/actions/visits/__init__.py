"""Bookings, and the visits that they earn by."""
