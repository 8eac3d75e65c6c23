"""`toolchain/`: set-up, Makefile, Pulumi CLI."""
