"""The language: text to graph. `parse` is the way in; typed text reaches nothing else."""

from gradcli.language.parser import parse

__all__ = ["parse"]
