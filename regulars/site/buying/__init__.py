"""From the basket to the page that says it is done."""
