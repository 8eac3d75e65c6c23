"""The test harness: a small engine over the real plugin host, the emulator, the real CLI.

Fixtures are in `tests/conftest.py`: `engine`, `make_engine`, `emulator`, `stack`, `make_stack`.

    def test_it(engine, emulator):
        thing = Declared(TOKEN, "a", SomeProvider, {"name": "a", "key": Secret("s")})
        assert engine.preview([thing]).ops == {"a": "create"}
        assert emulator.counts() == {}
        engine.up([thing, Declared(TOKEN, "b", SomeProvider, {"a": Ref("a")})])
        failed = engine.up([other], check=False)          # without check=False it raises
        assert failed.messages == ["…"]
        assert engine.state["a"].outputs["key"] == Secret("s")
        assert engine.refresh().changes == {}
        engine.up(Program.text("import egain_pulumi …"))  # real resources, in a real process
        engine.destroy()

    engine       Engine: up, preview, refresh, destroy, state, export, logs, restart, provider
    goal         Declared, Ref, Options          values    Secret, UNKNOWN
    program      Program                         steps     Result, DeploymentError
    provider     single calls                    errors    ProviderError, InitFailed
    emulator     Emulator                        cli       Stack (`cli_result`: CliFailed)

Behind them: `deployment`, `execution`, `refresh` (what the engine does), `monitor` (what a program
talks to), `host`, `hosts`, `protocol` (what the plugin host is), `difference`, `paths`, `process`.
`tests/support_tests/test_parity.py` holds all this against the real CLI.
"""
