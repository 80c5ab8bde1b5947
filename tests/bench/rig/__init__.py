"""What the benchmarks share: a Slack that answers at once, measured processes, and a sender that keeps time."""
