#!/bin/sh
# Linear regression with a squared error, (w*x + b - t)²: four nodes, × then + then - then ².
# At x = 2, w = 3, b = 1, t = 5 the loss is 4 and the gradients of w, b, x, t are 8, 4, 12, -4.
set -eu

gradcli backward 'L = (w*x+b-t)**2' --x 2 --w 3 --b 1 --t 5
echo
gradcli backward 'L = (w*x+b-t)**2' --x 2 --w 3 --b 1 --t 5 --get L,w,b,x,t
