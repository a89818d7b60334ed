#!/bin/sh
# Two paths: in (x+y)*y the variable y is used twice, in the sum and in the product, so its gradient is
# a sum over two paths: 3·1 + 5 = 8. At x = 2, y = 3 the value is 15, the gradients are 3 and 8.
# The lecture verifies this by expanding xy + y²; `gradcli check` asks SymPy and a difference of values.
set -eu

gradcli backward '(x+y)*y' --x 2 --y 3
echo
gradcli check '(x+y)*y' --x 2 --y 3
