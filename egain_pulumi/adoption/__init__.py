"""Bring what a tenant has under management: a program, its configuration, its state.

    adopt      lists → `planning.plan` → files, configuration, the import file → preview
    recover    the program's own plan, lists → `matching.match` → the import file → preview

`project` writes the files, `stack` calls the Pulumi CLI; everything else is pure. Nothing here
writes to a tenant. A secret that eGain shows is in a plan in plain, and leaves it only into the
stack's configuration, encrypted, and into the file that `pulumi import` reads.
"""
