"""The function's entry point in AWS: hands the bot its secrets, then everything else over to it.

The bot reads its settings from the environment and knows no cloud. A function's environment is
shown to everyone who may see the function, so the secrets are in Secrets Manager. They are read
once, when AWS starts an instance of the function.
"""

from __future__ import annotations

import json
import os

import boto3  # part of AWS's Python runtime

_found = boto3.client("secretsmanager").get_secret_value(
    SecretId=os.environ["SECRET_ARN"], VersionId=os.environ["SECRET_VERSION"]
)
os.environ.update(json.loads(_found["SecretString"]))

from bot import handler  # noqa: E402 - the bot looks at its environment when it is loaded

__all__ = ["handler"]
