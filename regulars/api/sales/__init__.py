"""Quotes, sales, refunds, payments."""
