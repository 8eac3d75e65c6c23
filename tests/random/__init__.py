"""Random programs: declared, changed, renamed, replaced, imported and removed,
under any fault, through the real plugin host, until nothing is twice, lost or leaked.

    steps      what may happen, for hypothesis to draw     trouble    faults, kills, other tenants
    program    what each step does                         stack      one command, and what shows
    wishes     what is declared, as data                   watch      what must hold after each
    shapes     the six kinds, both forms by hand           settling   what must hold once healed
    questions  what a person is asked, and then does       wireforms  what eGain holds, comparable
    warm       hosts that start quickly                    figures    what was run, for documents

The small run is part of `make test`, with a fixed seed. `make soak` draws new seeds for
`SOAK_MINUTES` (30). With `TEST_FIGURES=<file>` the figures of a run are written there as JSON.
"""
