"""A pure judgement of public posts: mention in, verdict out; no state, no network, no clock."""
