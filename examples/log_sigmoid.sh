#!/bin/sh
# The exercise log(σ(wx + b)): its graph, every local derivative, and ∂L/∂w by the chain rule.
# By hand ∂L/∂w = x·(1 - σ(wx + b)). The last two lines are this formula and the gradient: the same up to
# the rounding of floats, which shows in the last digit.
set -eu

gradcli backward 'L = log(sigmoid(w*x+b))' --w 0.5 --x 2 --b 0.1
echo
gradcli forward 'x*(1 - sigmoid(w*x+b))' --w 0.5 --x 2 --b 0.1 --get f
gradcli backward 'L = log(sigmoid(w*x+b))' --w 0.5 --x 2 --b 0.1 --get w
