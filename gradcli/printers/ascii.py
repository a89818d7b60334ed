"""Plain ASCII, as a formula is typed: `(x + y)*y`. It reads back to the same graph."""

from gradcli.printers.expression import Dialect

DIALECT = Dialect(names={"σ": "sigmoid"})
