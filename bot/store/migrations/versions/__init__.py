"""One file a change; the number orders them."""
