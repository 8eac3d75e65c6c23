"""The OpenAPI contract, and the checks of requests and answers against it."""
