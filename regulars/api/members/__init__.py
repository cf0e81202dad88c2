"""Customers, members and their accounts."""
