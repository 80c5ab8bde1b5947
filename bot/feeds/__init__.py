"""The platforms: one file each, and the only room that knows their APIs."""
