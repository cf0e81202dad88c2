"""The rows of the requirements, by which tests say what they show.

``@pytest.mark.row("C13")``, ``@pytest.mark.row("S6", door="till")``; B is the studio, S the salon,
C the cinema; the small letters are the rules for refunds.
"""

LAST_OF = {"B": 15, "S": 12, "C": 20}
REFUND_RULES = "abcdefgh"

ROWS = {f"{letter}{number}" for letter, last in LAST_OF.items() for number in range(1, last + 1)}
ROWS |= set(REFUND_RULES)
