"""Haoren: one award season, from the first notice to the last honour."""
