"""Programs: graph to source that runs. One writing system, a language a file (`languages`), fast loops over floats."""
