"""What can be found out about a graph beyond its passes: whether the gradient is right."""
