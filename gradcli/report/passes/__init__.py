"""The report of a forward or a backward pass: `trace` is the material, `report` puts the parts together.

`screen` has the tables for people, `data` those for machines, `record` the JSON.
"""
