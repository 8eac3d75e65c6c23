"""The six kinds, one file each: its model, its provider (two facts), its Pulumi class.

A seventh kind is one new file here, one line in `egain_pulumi/__init__.py`, one specimen in
`tests/specimens.py`, and a row in the emulator's table. A test fails until each is there.
"""
