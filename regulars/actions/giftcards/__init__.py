"""Gift cards as accounts: issued, paid with, blocked, got for points."""
