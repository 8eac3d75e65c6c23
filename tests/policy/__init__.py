"""The policy pack in `policy/`, run by the real Pulumi CLI."""
