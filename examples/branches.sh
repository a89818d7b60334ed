#!/bin/sh
# Branches: x feeds both x² and x³, so the gradients of the two branches are added: 2x + 3x².
# At x = 3 that is 6 + 27 = 33.
set -eu

gradcli backward 'x**2 + x**3' --x 3
echo
gradcli backward 'x**2 + x**3' --get x
