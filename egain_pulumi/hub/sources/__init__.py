"""The four sources of a hub: a program, a preview, a state, a tenant."""
