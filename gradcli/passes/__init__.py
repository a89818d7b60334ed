"""The forward pass, the backward pass and tangents, each written once over every number system.

Source: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., SIAM 2008: tables 3.5 (forward mode) and 3.7
(incremental reverse mode). Results stand beside the graph; nothing has to be zeroed and nothing recurses.
"""

from gradcli.passes.backward import Backward, backward
from gradcli.passes.forward import forward, resume
from gradcli.passes.step import NO_PINS, Forward
from gradcli.passes.steps import Edge, Step, add, steps
from gradcli.passes.tangents import corners, tangents

__all__ = [
    "NO_PINS",
    "Backward",
    "Edge",
    "Forward",
    "Step",
    "add",
    "backward",
    "corners",
    "forward",
    "resume",
    "steps",
    "tangents",
]
