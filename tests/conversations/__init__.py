"""`egain_pulumi.conversations`, against a server of the tests that records what it is sent."""
