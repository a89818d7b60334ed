"""SymPy's parts: its reading of a text, and its expressions as graphs."""
