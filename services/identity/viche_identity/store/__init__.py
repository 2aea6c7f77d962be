"""All SQL of identity: one function, one statement. Callers open the transactions."""
