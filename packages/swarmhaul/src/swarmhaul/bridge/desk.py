"""The tools of a market elsewhere, by its two shortcuts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from swarmhaul.protocol import Answer, NoSuchTool

SECONDS_MAX = 30.0
AWAY = "MarketAway"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the market says is handed on as it is, refusals too."""

    http: httpx.AsyncClient

    async def list_tools(self) -> Sequence[Mapping[str, Any]]:
        """Raises httpx.HTTPError."""
        answer = await self.http.get("/mcp/tools")
        tools: list[dict[str, Any]] = answer.raise_for_status().json()["tools"]
        return tools

    async def use(self, name: str, arguments: Mapping[str, Any]) -> Answer:
        """Raises NoSuchTool."""
        body = {"tool": name, "arguments": dict(arguments)}
        try:
            answer = await self.http.post("/mcp/call", json=body)
            told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            return refusal(AWAY, f"The market does not answer ({type(error).__name__}).")
        if answer.status_code == httpx.codes.OK:
            return Answer(told["content"][0]["text"], is_refusal=told["isError"])
        if told.get("code") == NoSuchTool.__name__:
            raise NoSuchTool
        return Answer(answer.text, is_refusal=True)


def refusal(code: str, sentence: str, details: Mapping[str, Any] | None = None) -> Answer:
    """Of our own, in the form of all refusals."""
    told: dict[str, Any] = {"success": False, "error": str(sentence), "code": code}
    if details:
        told["details"] = dict(details)
    return Answer(json.dumps(told), is_refusal=True)


def open_desk(url: str) -> httpx.AsyncClient:
    # No proxy and no netrc of this machine: what is signed goes to the market that was named.
    return httpx.AsyncClient(base_url=url.rstrip("/"), timeout=SECONDS_MAX, trust_env=False)
