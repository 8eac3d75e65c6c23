"""`toolchain/`: set-up, Makefile, language host."""
