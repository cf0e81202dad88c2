"""Customers as staff meet them: who they are, their account and its points."""
