"""Rules of reach: whether a message reaches somebody, and which findings are silenced."""
