"""Is the gradient right? Witnesses that do not read the rules, and what they find."""
