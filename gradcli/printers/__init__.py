"""Printers: graph to text, one dialect a file, one algorithm (`expression`) for all."""
