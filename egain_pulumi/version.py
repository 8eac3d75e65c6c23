"""The version of this package: for the build, and for the User-Agent of every request."""

VERSION = "0.2.0"
