"""Where a hub is read from: a program, a preview, a state or a tenant."""
