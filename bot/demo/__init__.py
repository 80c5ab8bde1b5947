"""A small public platform on loopback: invented people talk about Harbourline, and answer when we reply."""
