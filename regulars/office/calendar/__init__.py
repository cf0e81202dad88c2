"""Who is booked, with whom, and when."""
