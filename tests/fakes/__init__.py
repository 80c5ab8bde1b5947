"""What the tests play: scripted platforms on real sockets, and a clock that turns."""
