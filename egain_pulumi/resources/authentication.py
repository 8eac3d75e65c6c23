"""How eGain authenticates at the callbacks of client applications. Step 1 of 6.

It refers to nothing; the roles of client applications refer to it. eGain requests a bearer token
with these data (or sends the basic credentials) and uses it until the callback answers 401.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypedDict

from pulumi import Input, Output, ResourceOptions
from pydantic import Field

from ..names import credentials_in
from ..program.resource import EgainResource, declares
from ..provider import EgainProvider
from ..schema.kinds import Collection
from ..schema.model import (
    Active,
    Assumed,
    Description,
    Keyed,
    Model,
    Name,
    Part,
    Problem,
    Secret,
    Text,
    Uncertain,
    Unique,
)

_SAMPLES = "known from samples only"


class OAuth2(Part):
    """How eGain requests a bearer token (contract: `OAuth2CallbackAuth`)."""

    token_request_url: Annotated[Text, Assumed(_SAMPLES)] = Field(
        description="URL of the token endpoint.", examples=["https://bot.example.com/token"]
    )
    method: Text | None = Field(
        None, description="HTTP method of the token request.", examples=["POST"]
    )
    headers: Annotated[
        dict[str, Annotated[Text, Secret()]] | None, Keyed("name", "value", caseless=True)
    ] = Field(None, description="Headers of the token request. Every value is a secret.")
    payload: Annotated[Text | None, Secret()] = Field(
        None, description="Body of the token request, as text; it contains the client secret."
    )
    access_token_path: Text | None = Field(
        None, description="JSONPath of the token in the response.", examples=["$.accessToken"]
    )

    @classmethod
    def advice(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        url = value.get("token_request_url")
        if isinstance(url, str) and (found := credentials_in(url)):
            text = f"has {found}, which previews and the state show; use headers or payload"
            yield ("token_request_url",), text


class BasicAuth(Part):
    """Credentials for HTTP Basic (contract: `BasicCallbackAuth`)."""

    username: Annotated[Text, Assumed(_SAMPLES)] = Field(description="User name.")
    password: Annotated[Text, Secret(), Assumed(_SAMPLES)] = Field(description="Password.")


class AuthenticationModel(Model):
    """Contract: `AuthenticationInput`."""

    label = "authentication"
    vendor_page = (
        "https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/"
        "authentication/createauthentication"
    )
    find_by = ("name",)
    # The vendor's list page names only the manage scope, since the answer contains credentials.
    read_scope = Model.write_scope

    name: Annotated[Name, Unique()] = Field(description="Unique name of the authentication.")
    type: Annotated[Literal["oauth2", "basic"], Uncertain()] = Field(
        description="Kind of authentication: `oauth2` needs `oauth2`, `basic` needs `basic_auth`."
    )
    oauth2: OAuth2 | None = Field(None, description="How eGain requests a bearer token.")
    basic_auth: BasicAuth | None = Field(None, description="Credentials for HTTP Basic.")
    description: Description | None = None
    active: Active = True

    @classmethod
    def errors(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        needed = {"oauth2": "oauth2", "basic": "basic_auth"}
        kind = value.get("type")
        if "oauth2" in value and "basic_auth" in value:
            yield ("basic_auth",), "cannot be combined with oauth2; keep only what type names"
        elif isinstance(kind, str) and kind in needed and needed[kind] not in value:
            yield (needed[kind],), f'is required with type "{kind}"'


class AuthenticationProvider(EgainProvider):
    """Frozen: every stack's state names this module and class."""

    model = AuthenticationModel
    collection = Collection("authentications", "authentication")


class OAuth2Args(TypedDict, total=False):
    """How eGain requests a bearer token."""

    token_request_url: Input[str]
    method: Input[str]
    headers: Input[Mapping[str, Input[str]]]
    payload: Input[str]
    access_token_path: Input[str]


class BasicAuthArgs(TypedDict, total=False):
    """Credentials for HTTP Basic."""

    username: Input[str]
    password: Input[str]


class AuthenticationResource(EgainResource):
    """How eGain authenticates at the callbacks of client applications.

    Header values, `oauth2.payload` and `basic_auth.password` are secrets. Reading needs the manage
    scope; without it, a refresh keeps the state and says so.

    https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/authentication/createauthentication
    """

    kind = AuthenticationProvider

    name: Output[str]
    type: Output[str]
    oauth2: Output[Any]
    basic_auth: Output[Any]
    description: Output[Any]
    active: Output[bool]

    @declares
    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        type: Input[str],
        oauth2: Input[OAuth2Args] | None = None,
        basic_auth: Input[BasicAuthArgs] | None = None,
        description: Input[str] | None = None,
        active: Input[bool] = True,
        extra: Input[Mapping[str, Any]] | None = None,
        secrets_version: Input[int] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None: ...

    @classmethod
    def find(
        cls, resource_name: str, *, name: str | None = None, opts: ResourceOptions | None = None
    ) -> AuthenticationResource:
        """Find the authentication with this name that someone else created. Needs the manage scope.

        Pulumi looks it up once, at `pulumi up`, and never changes or deletes it. Until then its
        id is unknown in previews. If none or several match, the error lists the existing ones.
        """
        return cls._find(resource_name, {"name": name}, opts)
