"""Regulars: loyalty points, levels, rewards and gift cards for small businesses."""

__version__ = "0.1.0"
