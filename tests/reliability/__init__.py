"""The reliability matrix: each kind × verb × fault, run against the emulator and written down.

    cases      what goes wrong              bench     one cell: arrange, act, look, heal, try again
    tables     which call it happens to     words     what was seen, in a closed vocabulary
    document   `docs/reliability.md`        matrix    all cells of a table

`python -m tests.reliability` runs every cell and writes the document. The tests run part of them
(`make soak`: all) and fail where the document says something else.
"""
