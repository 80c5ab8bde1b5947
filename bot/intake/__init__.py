"""From the wire to the desk."""
