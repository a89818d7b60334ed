"""The reports of `gradcli check`, a file for every kind of check; `findings` is what they share."""
