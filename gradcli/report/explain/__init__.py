"""The report of `gradcli explain`, a file a section; `solution` puts them together, `material` is what they share."""
