"""The OpenAPI contract, and checking requests and answers against it."""
