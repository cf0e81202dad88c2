"""Selling, paying in steps, refunding, calling off."""
