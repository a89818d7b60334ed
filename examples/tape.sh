#!/bin/sh
# The tape: a program of three statements, recorded one operation a line, then read backwards.
# t1 = 6, t2 = 7, y = 49; the gradients of w, b, x are 28, 14, 42. Columns: name, value, gradient.
set -eu

gradcli backward 't1 = w*x; t2 = t1 + b; y = t2**2' --x 2 --w 3 --b 1 --format plain
