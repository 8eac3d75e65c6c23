# toolchain/make.py does the work. To use another Python: make PYTHON=python3.13 up
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help up preview bot down reset test soak bench check constraints audit
help up preview bot down reset soak check constraints audit:
	@"$(PYTHON)" toolchain/make.py $@

test bench:
	@"$(PYTHON)" toolchain/make.py $@ $(ARGS)
