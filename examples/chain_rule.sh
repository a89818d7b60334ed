#!/bin/sh
# The chain rule on a single path: ∂f/∂x = ∂f/∂g · ∂g/∂x = cos(x²) · 2x for f = sin(g), g = x².
# First without a value, as a formula; then at x = 1.
set -eu

gradcli backward 'g = x**2; f = sin(g)'
echo
gradcli backward 'g = x**2; f = sin(g)' --x 1
