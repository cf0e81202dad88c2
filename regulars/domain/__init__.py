"""What loyalty means: pure functions over plain data, standard library only.

No clock, no database, no framework: the time is an argument, facts come in and decisions go out.
"""
