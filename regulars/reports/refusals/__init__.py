"""Why something is refused, in words: a sentence for every code, by subject."""
