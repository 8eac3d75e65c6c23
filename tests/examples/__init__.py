"""The examples, and the pages that begin with nothing, run as their readers run them."""
