"""Whether what a tenant answers can be the secrets themselves."""

from __future__ import annotations

from typing import Any

import pytest

from egain_pulumi.adoption.evidence import Reading, is_public_header, reading

PAYLOAD = '{"clientId": "hub", "clientSecret": "s3cr3t"}'
SHOWN, HIDDEN, LEFT_OUT = Reading.SHOWN, Reading.HIDDEN, Reading.LEFT_OUT


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ([PAYLOAD], SHOWN),
        (["grant_type=client_credentials&client_secret=s3cr3t"], SHOWN),
        (["application/json"], SHOWN),
        (["s3cr3t", "another one"], SHOWN),
        (["v1", "s3cr3t"], SHOWN),
        (["s3cr3t"], HIDDEN),
        (["s3cr3t", "s3cr3t"], HIDDEN),
        (["0f3a9c", "77be21"], HIDDEN),
        (["********"], HIDDEN),
        (["••••", PAYLOAD], HIDDEN),
        (["****4711", PAYLOAD], HIDDEN),
        (["xxxx", PAYLOAD], HIDDEN),
        (["[hidden]", PAYLOAD], HIDDEN),
        (['{"clientId": "hub", "clientSecret": "<redacted>"}'], HIDDEN),
        (['{"clientId": "hub", "clientSecret": "***"}'], HIDDEN),
        ([PAYLOAD, None], HIDDEN),
        ([None], LEFT_OUT),
        ([""], LEFT_OUT),
        ([], LEFT_OUT),
    ],
)
def test_reading(received: list[Any], expected: Reading) -> None:
    assert reading(received) is expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Content-Type", "application/json", True),
        ("accept", "text/plain; charset=utf-8", True),
        ("Content-Type", "application/vnd.s3cr3t+json", False),
        ("X-Type", "application/json", False),
        ("Authorization", "Basic abc", False),
    ],
)
def test_a_header_that_a_program_may_show(name: str, value: str, expected: bool) -> None:
    assert is_public_header(name, value) is expected
