"""Where the sandbox and moto differ: (step, path), both patterns, and the fact about AWS that the sandbox follows."""

DIFFERENCES = {}
