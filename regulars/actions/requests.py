"""What a door makes before it asks for anything: who asks, when, and under which id.

Doors take it from here: ``ledger.posting``, where it lives, is for actions alone.
"""

from regulars.ledger.posting import Request

__all__ = ["Request"]
