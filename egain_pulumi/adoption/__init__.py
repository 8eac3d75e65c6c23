"""Bring what a tenant already has under management: a program, its configuration, its state.

    objects, problems = …     read: `listing.read` of the command line, lists only
    plan = adoption.plan(…)   what to write and to import; pure
    adoption.carry_out(…)     writes it, imports it, and ends with a preview

Nothing here writes to a tenant. A secret that eGain has is in a plan in plain, and leaves it only
into the stack's configuration, encrypted, and into the file that `pulumi import` reads.
"""
