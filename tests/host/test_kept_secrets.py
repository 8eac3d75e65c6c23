"""Secrets of what is taken over: sent only if asked for, or left to eGain by `keep_secret()`."""

from __future__ import annotations

from typing import Any

import pytest

from egain_pulumi import keep_secret
from egain_pulumi.schema.state import IMPORT
from tests.host.objects import declared, ground
from tests.host.running import own, program, refusal, refused_by_check, said
from tests.specimens import ACCOUNT, AUTHENTICATION, BASIC_AUTHENTICATION
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared

pytestmark = pytest.mark.host
ID = "11111111-1111-4111-8111-111111111111"
KEEP = keep_secret()
THEIRS = "password-of-the-console"
OURS = "password-of-the-program"
BASIC = {"name": "app-auth", "type": "basic", "active": True}


def there(emulator: Emulator, reads: str) -> None:
    """An authentication of somebody else, whose password reads show so."""
    emulator.settings(secrets_on_read=reads)
    basic = {"username": "hub", "password": THEIRS}
    emulator.add("authentications", {"id": ID, **BASIC, "basicAuth": basic})


def basic(password: str, **more: Any) -> Declared:
    given = {**BASIC, "basic_auth": {"username": "hub", "password": password}, **more}
    return declared(BASIC_AUTHENTICATION, given)


def password(emulator: Emulator) -> str:
    found: str = emulator.object("authentications", ID, secrets=True)["basicAuth"]["password"]
    return found


def puts(emulator: Emulator) -> int:
    counts = emulator.counts()
    emulator.clear()
    return sum(n for call, n in counts.items() if call.startswith("PUT"))


STOPPED = (
    f'cannot import authentication "it" [{ID}]: basic_auth.password: eGain does not show the value '
    "that this program declares, and may have another one. To send the declared secrets once with "
    "the import, set secrets_version=1. To keep what eGain has, write keep_secret() in place of "
    "each value."
)


def test_what_states_hold_in_its_place_never_changes() -> None:
    assert keep_secret() == "keep_secret(): known to eGain only"


@pytest.mark.parametrize("reads", ["plain", "masked", "absent"])
def test_an_import_overwrites_no_secret_unless_it_is_asked_to(
    reads: str, engine: Engine, emulator: Emulator
) -> None:
    there(emulator, reads)
    for on_conflict in ("fail", "overwrite"):
        engine.config["egain:onConflict"] = on_conflict
        more = {"description": "Ours."} if on_conflict == "overwrite" else {}
        assert engine.up([basic(OURS, **more, **{IMPORT: ID})], check=False).messages == [STOPPED]
    assert (puts(emulator), password(emulator), engine.state.managed()) == (0, THEIRS, [])

    asked = basic(OURS, secrets_version=1, **{IMPORT: ID})
    text = f'authentication "it": imports {ID}, creates nothing, sends 1 secret'
    assert said(engine.preview([asked]), "info") == [text]
    engine.up([asked])
    assert (puts(emulator), password(emulator)) == (1, OURS)
    assert engine.up([asked]).changes == {}


def test_equal_secrets_that_are_shown_are_taken_over(engine: Engine, emulator: Emulator) -> None:
    there(emulator, "plain")
    wanted = [basic(THEIRS, extra={"attribute": "value"}, **{IMPORT: ID})]
    [message] = engine.up(wanted, check=False).messages
    assert f"[{ID}]: extra: eGain does not show" in message
    assert message.endswith("set secrets_version=1. To keep what eGain has, leave extra out.")
    emulator.edit("authentications", ID, {"attribute": "value"})
    text = f'authentication "it": imports {ID}, creates nothing'
    assert said(engine.preview(wanted), "info") == [text]
    engine.up(wanted)
    assert puts(emulator) == 0


def test_extra_of_any_kind_is_a_secret_to_an_import(engine: Engine, emulator: Emulator) -> None:
    ground(emulator)
    engine.up([declared(ACCOUNT)])
    id = engine.state["it"].id
    engine.state.drop(engine.state["it"])
    engine.restart()
    attributes = {"extra": {"attributes": [{"name": "key", "value": "canary"}]}}
    wanted = {**ACCOUNT.full, **attributes, IMPORT: id}
    [message] = engine.up([declared(ACCOUNT, wanted)], check=False).messages
    assert "extra: eGain does not show" in message
    assert puts(emulator) == 0
    engine.up([declared(ACCOUNT, {**wanted, "secrets_version": 1})])
    assert emulator.object("accounts", id, secrets=True)["attributes"]


@pytest.mark.parametrize("reads", ["plain", "masked", "absent"])
def test_a_kept_secret_is_never_sent_compared_or_stored(
    reads: str, engine: Engine, emulator: Emulator
) -> None:
    there(emulator, reads)
    kept = [basic(KEEP, **{IMPORT: ID})]
    engine.up(kept)
    assert own(engine.state["it"].inputs)["basic_auth"]["password"] == KEEP
    engine.refresh()
    assert engine.refresh().changes == engine.preview(kept).changes == {}
    emulator.edit("authentications", ID, {"basicAuth": {"username": "hub", "password": "other"}})
    assert engine.refresh().changes == {}
    emulator.edit("authentications", ID, {"basicAuth": {"username": "hub", "password": THEIRS}})

    # No read proves that this tenant shows secrets as they are: a PUT would overwrite it.
    [message] = engine.up([basic(KEEP, description="New.")], check=False).messages
    assert message.startswith(
        'authentication "it" not updated: basic_auth.password is set in eGain'
    )
    assert message.endswith("Declare its value in the program, or remove it in eGain.")
    assert (puts(emulator), password(emulator)) == (0, THEIRS)

    # A value in its place is sent; in place of a value it only changes the state.
    assert engine.up([basic(OURS)]).ops == {"it": "update"}
    assert (puts(emulator), password(emulator)) == (1, OURS)
    assert engine.up([basic(KEEP)]).ops == {"it": "update"}
    assert engine.up([basic(KEEP)]).changes == {}
    assert (puts(emulator), password(emulator)) == (0, OURS)
    assert OURS not in str(engine.state["it"])
    assert THEIRS not in str(engine.export())


def test_a_kept_secret_goes_back_where_a_read_shows_secrets_as_they_are(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up([declared(AUTHENTICATION)])
    stored = emulator.objects("authentications", secrets=True)[0]["oauth2"]
    headers = {**AUTHENTICATION.full["oauth2"]["headers"], "X-Key": KEEP, "X-Gone": KEEP}
    kept = {**AUTHENTICATION.full, "oauth2": {**AUTHENTICATION.full["oauth2"], "headers": headers}}
    engine.up([declared(AUTHENTICATION, kept)])
    assert puts(emulator) == 0
    assert engine.refresh().changes == {}
    engine.up([declared(AUTHENTICATION, {**kept, "description": "New."})])
    assert puts(emulator) == 1
    assert emulator.objects("authentications", secrets=True)[0]["oauth2"] == stored
    assert "key-of-the-bot" not in str(engine.export())

    emulator.settings(secrets_on_read="masked")
    [message] = engine.up([declared(AUTHENTICATION, kept)], check=False).messages
    assert 'not updated: oauth2.headers["X-Key"], oauth2.headers["X-Gone"] is set in' in message
    del headers["X-Key"], headers["X-Gone"]  # leaves the program: removed in eGain
    engine.up([declared(AUTHENTICATION, kept)])
    found = emulator.objects("authentications", secrets=True)[0]["oauth2"]["headers"]
    assert [row["name"] for row in found] == ["Accept"]


def test_it_stands_only_where_a_secret_is_and_never_in_a_new_object(
    engine: Engine, emulator: Emulator
) -> None:
    listed = refusal(
        engine,
        """
        from egain_pulumi import keep_secret
        authentication("a", description=keep_secret(), oauth2={
            "token_request_url": "https://x", "payload": "a=" + keep_secret()})
        channel("b", extra={"key": [keep_secret()]}, secrets_version=1)
        """,
    )
    text = (
        "keep_secret() stands only for a whole secret value: basic_auth.password, oauth2.payload, "
        "or the value of a header."
    )
    assert listed == [
        f'authentication "a": oauth2.payload: {text}',
        f'authentication "a": description: {text}',
        f'channel "b": extra.key[0]: {text}',
    ]
    new = """
        from egain_pulumi import keep_secret
        application("a", roles={"custom_bot": role(headers=later({"X-A": keep_secret()}))})
    """
    assert refused_by_check(engine, new) == (
        'roles.custom_bot.headers["X-A"]: keep_secret() keeps what eGain has, and a new object has '
        "nothing yet. Write its value, or take an existing object over with import_"
    )
    preview = engine.preview(program(new.replace("later(", "(")), check=False)
    assert "keep_secret() keeps what eGain has" in preview.messages[0]
    assert emulator.counts(tokens=True) == {}


def test_a_program_shows_what_it_leaves_to_egain(engine: Engine, emulator: Emulator) -> None:
    """The text that stands for it is no secret, so that a preview says what is meant."""
    there(emulator, "masked")
    text = f"""
        from egain_pulumi import keep_secret
        AuthenticationResource("it", name="app-auth", type="basic", basic_auth={{"username": "hub",
            "password": keep_secret()}}, opts=ResourceOptions(import_="{ID}"))
    """
    engine.up(program(text))
    assert engine.state["it"].inputs["basic_auth"] == {"username": "hub", "password": KEEP}
    assert engine.refresh().changes == engine.up(program(text)).changes == {}
    assert (puts(emulator), password(emulator)) == (0, THEIRS)


def test_a_replacement_has_no_secret_to_keep(engine: Engine, emulator: Emulator) -> None:
    there(emulator, "plain")
    engine.up([basic(KEEP, **{IMPORT: ID})])
    emulator.remove("authentications", ID)
    engine.refresh()
    [message] = engine.up([basic(KEEP)], check=False).messages
    assert "keep_secret() keeps what eGain has" in message
