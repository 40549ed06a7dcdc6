"""The name of what the page of somebody who waits follows, and of what is told there."""

WAITING_TOLD = "waiting.told"


def waiting_topic(waiting_id: str) -> str:
    return f"waiting:{waiting_id}"
