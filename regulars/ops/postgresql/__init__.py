"""Django's backend for PostgreSQL, which looks cheaply whether a connection still lives."""
