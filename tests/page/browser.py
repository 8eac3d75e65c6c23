"""Chromium through ChromeDriver: headless, without a network, one per worker."""

from __future__ import annotations

import base64
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.remote_connection import ChromeRemoteConnection
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.support import process
from toolchain import browser as installed

WAIT_SECONDS = 20.0
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Names are looked up nowhere: whatever the browser wants of its own stays here.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


class Browser:
    """One window. `open` clears the browser's logs."""

    def __init__(self, profile: Path) -> None:
        found = installed.found()
        if found is None:
            raise RuntimeError(installed.MISSING)
        self._child = process.Child(
            [str(found.driver), "--port=0"], cwd=profile, env=process.base_env()
        )
        process.lasting.add(self._child.popen.pid)
        try:
            self.driver = self._window(found.browser, profile / "data")
        except BaseException:
            self._child.end()
            raise

    def _window(self, binary: Path, data: Path) -> webdriver.Remote:
        while not (port := re.search(r"successfully on port (\d+)", self._line())):
            pass
        options = webdriver.ChromeOptions()
        options.binary_location = str(binary)
        for switch in (*QUIET, f"--user-data-dir={data}"):
            options.add_argument(switch)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")  # which Chromium does not have as root
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        line = ChromeRemoteConnection(f"http://127.0.0.1:{port[1]}")
        line._commands["getLog"] = ("POST", "/session/$sessionId/se/log")  # as its own drivers do
        return webdriver.Remote(command_executor=line, options=options)

    def _line(self) -> str:
        return self._child.next_line(WAIT_SECONDS)

    def stop(self) -> None:
        """End Chromium and its driver."""
        try:
            self.driver.quit()
        finally:
            self._child.end()

    def open(self, url: str, *, wide: bool = True, dark: bool = False) -> None:
        """Open a page, on a desktop or a phone, light or dark."""
        self.appear(wide=wide, dark=dark)
        self.driver.get("about:blank")
        self._log("performance")
        self._log("browser")
        self.driver.get(url)

    def appear(self, *, wide: bool = True, dark: bool = False, still: bool = True) -> None:
        """Change window and preferences of the open page; `still`: reduced motion."""
        width, height = (1400, 900) if wide else (360, 740)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": not wide}
        self.devtools("Emulation.setDeviceMetricsOverride", **size)
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        self.devtools("Emulation.setEmulatedMedia", features=features)

    def devtools(self, command: str, **parameters: Any) -> Any:
        """Run a command of the Chrome DevTools Protocol."""
        return self.driver.execute("executeCdpCommand", {"cmd": command, "params": parameters})[
            "value"
        ]

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page; return its result."""
        return self.driver.execute_script(script, *arguments)

    def by_id(self, key: str) -> WebElement:
        """Return an element by its id."""
        return self.driver.find_element("id", key)

    def text(self, key: str) -> str:
        """Return the visible text of an element."""
        return str(self.run("return document.getElementById(arguments[0]).innerText", key))

    def until(self, true: Callable[[], Any], what: str) -> Any:
        """Wait until `true` returns a true value; return it."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not (found := true()):
            assert time.monotonic() < deadline, f"{what}; problems: {self.complaints()}"
            time.sleep(0.03)
        return found

    def reads(self, key: str, text: str) -> None:
        """Wait until an element contains a text."""
        self.until(lambda: text in self.text(key), f"#{key} never said {text!r}")

    def press(self, *keys: str) -> None:
        """Type at the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def back(self) -> None:
        """Press Shift and Tab."""
        ActionChains(self.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(
            Keys.SHIFT
        ).perform()

    def focused(self) -> str:
        """Return the accessible name of the focused element."""
        return self.driver.switch_to.active_element.accessible_name

    def tab_to(self, name: str, most: int = 30) -> None:
        """Press Tab until the element with this accessible name has the focus."""
        passed = []
        for _ in range(most):
            self.press(Keys.TAB)
            passed.append(self.focused())
            if passed[-1] == name:
                return
        raise AssertionError(f"Tab does not lead to {name!r}, but to {passed}")

    def picture(self, file: Path) -> None:
        """Write a screenshot of the whole page as PNG."""
        size = self.run("return document.documentElement.scrollHeight")
        width = self.run("return document.documentElement.scrollWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": size, "scale": 1}
        shot = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        file.write_bytes(base64.b64decode(shot["data"]))

    def requested(self) -> list[str]:
        """Return the addresses requested since `open` or the last call."""
        return [
            each["params"]["request"]["url"]
            for each in self._events()
            if each["method"] == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """Return the browser's log: script errors, blocked loads, policy violations."""
        return [each["message"] for each in self._log("browser")]

    def _events(self) -> Iterator[Any]:
        for each in self._log("performance"):
            yield json.loads(each["message"])["message"]

    def _log(self, kind: str) -> list[Any]:
        listed: list[Any] = self.driver.execute("getLog", {"type": kind})["value"]
        return listed
