"""Debian's Chromium without a window, driven through its DevTools protocol over two pipes."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 30
"""Seconds in which an answer comes."""
FREE = 10
"""From here on descriptors are nobody's."""
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)


class Browser:
    """One page of a browser that runs."""

    def __init__(self, to: int, out: int) -> None:
        self._to, self._out, self._rest, self._number = to, out, b"", 0
        self._session: str | None = None
        self.complaints: list[str] = []
        """What the console got since the last page: errors, warnings, and breaches of a policy."""
        self.requests: list[str] = []
        """Addresses that the page asked for."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask for something, and return the answer.

        Raises:
            AssertionError: it cannot be done, or no answer comes.
        """
        self._number += 1
        asked: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            asked["sessionId"] = self._session
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        for told in self._told():
            if told.get("id") == self._number:
                assert "error" not in told, (method, told["error"])
                answer: dict[str, Any] = told["result"]
                return answer
        raise AssertionError(f"no answer to {method}")

    def _told(self) -> Iterator[dict[str, Any]]:
        """What the browser says, until it has said nothing for too long."""
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            message, found, rest = self._rest.partition(b"\0")
            if not found:
                if select.select([self._out], [], [], left)[0]:
                    self._rest += os.read(self._out, 1 << 20)
                continue
            self._rest = rest
            told: dict[str, Any] = json.loads(message)
            self._note(told)
            yield told

    def _note(self, told: dict[str, Any]) -> None:
        about = told.get("params", {})
        match told.get("method"):
            case "Log.entryAdded":
                self.complaints.append(about["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(about["exceptionDetails"]))
            case "Runtime.consoleAPICalled":
                self.complaints.append(json.dumps(about["args"]))
            case "Network.requestWillBeSent":
                self.requests.append(about["request"]["url"])

    def open(self, file: Path, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Show a page, once it is loaded."""
        self.complaints.clear()
        self.requests.clear()
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media="", features=[scheme])
        self.call("Page.navigate", url="about:blank")
        self.requests.clear()
        self.call("Page.navigate", url=file.as_uri())
        deadline = time.monotonic() + PATIENCE
        while self.run("location.href + document.readyState") != f"{file.as_uri()}complete":
            assert time.monotonic() < deadline, "the page does not load"
            time.sleep(0.01)

    def run(self, script: str) -> Any:
        """Return what an expression is on the page.

        Raises:
            AssertionError: it throws something.
        """
        made = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in made, made
        return made["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press a key, and let it go."""
        about = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        text = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **about, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def picture(self, file: Path, whole: bool = True) -> bytes:
        """Write a picture of the page as PNG, and return it; `whole`: as long as the page is."""
        clip: dict[str, Any] = {}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"clip": {**size, "scale": 1}, "captureBeyondViewport": True}
        made = base64.b64decode(self.call("Page.captureScreenshot", **clip)["data"])
        file.write_bytes(made)
        return made


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser whose profile is a new folder in `folder`; it ends with the block."""
    profile = folder / "profile"
    profile.mkdir()
    low, to = os.pipe()
    out, other = os.pipe()
    # Its ends become the descriptors 3 and 4, which is all that the shell is for; they must be
    # neither before that. (dash knows no descriptors of two digits.)
    theirs, their_out = (fcntl.fcntl(each, fcntl.F_DUPFD, FREE) for each in (low, other))
    os.close(low)
    os.close(other)
    command = ["bash", "-c", f'exec "$@" 3<&{theirs} 4>&{their_out}', "bash", "chromium"]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [*command, *OPTIONS, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(theirs, their_out),
            env={**os.environ, "HOME": str(profile)},
        )
    os.close(theirs)
    os.close(their_out)
    made: Browser | None = None
    try:
        made = Browser(to, out)
        yield made
    finally:
        os.close(to)
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        os.close(out)
