"""The row `floor`: the smallest dynamic provider that runs sixteen calls at once."""
