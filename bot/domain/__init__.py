"""Nouns and laws: no I/O, no clock, standard library only."""
