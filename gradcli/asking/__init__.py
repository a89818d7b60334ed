"""What the user wants: the command line, groups of options, the question (a formula and its values), files, rows.

`question.read` answers without a command line as well: `read(Asked("x*y", at=("x=2,y=3",)))`. Typer is known in
`options` and `groups` alone.
"""
