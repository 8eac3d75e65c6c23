"""The Pulumi CLI for machines that cannot download Pulumi's own: built from Go modules.

No Go module holds the official Python language host, so ours takes its place.
"""
