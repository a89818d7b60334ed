#!/bin/sh
# One neuron: input x, weight w, bias b, sigmoid, squared error against the target t, which is a constant.
# The lecture rounds σ(1.1) to 0.75 and so finds L = 0.0625 and ∂L/∂w = -0.1875; these numbers are not
# rounded before the last digits of a float. The gradient of w is negative: raising w lowers the loss.
set -eu

set -- 'z = w*x; s = z + b; a = sigmoid(s); e = a - t; L = e**2' --w 0.5 --x 2 --b 0.1 --const t=1

for name in z s a e L; do
    printf 'value of %s: %s\n' "$name" "$(gradcli backward "$@" --get "$name.value")"
done
for name in w x b; do
    printf 'gradient of %s: %s\n' "$name" "$(gradcli backward "$@" --get "$name")"
done
