"""`toolchain/offline/`: the language host."""
