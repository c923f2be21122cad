"""An editor without a window: speaks the Language Server Protocol (3.17) with the real yaml-language-server.

Settings are those of `.vscode/settings.json`, told the way VS Code tells them. A document is a path and a text; the
text need not be on the disk. Positions are lines and columns from 1, as perfgen prints them.
"""

from __future__ import annotations

import json
import queue
import re
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 60.0
"""Seconds until an answer that has not come is a failure."""

# tab stops of the snippet syntax of LSP 3.17: $1, ${1}, ${1:placeholder}, ${1|one,two|}
_STOP = re.compile(r"\$\d+|\$\{\d+(?:\|(?P<choice>[^,|]+)[^}]*\||:(?P<default>[^}]+))?\}")


class Editor:
    """One server for one folder; close it when done."""

    def __init__(self, server: Path, root: Path, locale: str = "zh-cn") -> None:
        self.root = root
        self.settings = json.loads((root / ".vscode/settings.json").read_text("utf-8"))
        self._process = subprocess.Popen(
            ["node", str(server), "--stdio"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}
        self._last = 0
        self._configured = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.ask(
            "initialize",
            {
                "processId": None,
                "locale": locale,
                "rootUri": root.as_uri(),
                "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
                "capabilities": {
                    "workspace": {"configuration": True, "workspaceFolders": True},
                    "textDocument": {
                        "hover": {"contentFormat": ["markdown"]},
                        "completion": {
                            "completionItem": {"snippetSupport": True, "documentationFormat": ["markdown", "plaintext"]}
                        },
                    },
                },
            },
        )
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": {}})
        while not self._configured:  # what it says before it knows the settings would be said without the schema
            self._handle(self._next())

    def open(self, name: str, text: str) -> None:
        """Shows a document to the server; `name` is its path below the root."""
        document = {"uri": self._uri(name), "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})

    def diagnostics(self, name: str) -> list[dict[str, Any]]:
        """What the server says of an open document, in reading order; waits until it has said something."""
        uri = self._uri(name)
        while uri not in self._diagnostics:
            self._handle(self._next())
        return sorted(self._diagnostics[uri], key=lambda found: list(found["range"]["start"].values()))

    def hover(self, name: str, line: int, column: int) -> str:
        """The text shown over a place of an open document; empty when there is none."""
        found = self.ask("textDocument/hover", self._place(name, line, column))
        return str(found["contents"]["value"]) if found else ""

    def complete(self, name: str, line: int, column: int) -> list[dict[str, Any]]:
        """What is offered at a place of an open document."""
        found = self.ask("textDocument/completion", self._place(name, line, column))
        return list(found["items"] if isinstance(found, dict) else found or [])

    def ask(self, method: str, parameters: dict[str, Any]) -> Any:
        """Sends a request and waits for its answer."""
        self._last += 1
        number = self._last
        self._send({"id": number, "method": method, "params": parameters})
        while True:
            message = self._next()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message.get("result")
            self._handle(message)

    def close(self) -> None:
        """Ends the server."""
        self.ask("shutdown", {})
        self._tell("exit", {})
        self._process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            stream.close()

    def _uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def _place(self, name: str, line: int, column: int) -> dict[str, Any]:
        return {"textDocument": {"uri": self._uri(name)}, "position": {"line": line - 1, "character": column - 1}}

    def _setting(self, section: str) -> dict[str, Any]:
        """A section of the settings, as VS Code gives it: `yaml.format.enable` is nested below `yaml`."""
        if section in self.settings:
            return dict(self.settings[section])
        found: dict[str, Any] = {}
        for key, value in self.settings.items():
            if key.startswith(section + "."):
                *above, last = key.split(".")[1:]
                here = found
                for step in above:
                    here = here.setdefault(step, {})
                here[last] = value
        return found

    def _handle(self, message: dict[str, Any]) -> None:
        """A request or a notification of the server's own."""
        method, parameters = message.get("method"), message.get("params", {})
        if method == "textDocument/publishDiagnostics":
            self._diagnostics[parameters["uri"]] = parameters["diagnostics"]
        elif "id" in message and method:
            result = None
            if method == "workspace/configuration":
                result = [self._setting(item["section"]) for item in parameters["items"]]
                self._configured = True
            self._send({"id": message["id"], "result": result})

    def _next(self) -> dict[str, Any]:
        message = self._inbox.get(timeout=PATIENCE)
        assert message is not None, "the server has ended"
        return message

    def _tell(self, method: str, parameters: dict[str, Any]) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self._process.stdin.flush()

    def _read(self) -> None:
        """Puts what the server sends into the inbox, None at the end."""
        stream = self._process.stdout
        assert stream
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self._inbox.put(json.loads(stream.read(length)))
        self._inbox.put(None)


def edited(text: str, item: dict[str, Any], fill: Callable[[str], str]) -> str:
    """The text after a completion is taken, with VS Code's rules for snippets.

    Lines after the first get the indent of the line it is put into. A choice takes its first value, a placeholder
    stays, and an empty stop gets `fill(what stands before it in the snippet)`.
    """
    change = item["textEdit"]
    lines = text.split("\n")
    start, end = change["range"]["start"], change["range"]["end"]
    assert start["line"] == end["line"]
    line = lines[start["line"]]
    indent = line[: len(line) - len(line.lstrip(" "))]
    parts, last = [], 0
    for stop in _STOP.finditer(change["newText"]):
        parts.append(change["newText"][last : stop.start()])
        parts.append(stop["choice"] or stop["default"] or fill("".join(parts)))
        last = stop.end()
    snippet = "".join([*parts, change["newText"][last:]]).replace("\n", "\n" + indent)
    lines[start["line"]] = line[: start["character"]] + snippet + line[end["character"] :]
    return "\n".join(lines)
