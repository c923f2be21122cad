"""The messages to the open windows: one that does not listen holds no more than it may, and spoils nobody else's."""

from __future__ import annotations

import asyncio

from perfgen.serving.hub import Hub


def test_a_window_that_does_not_listen_is_told_to_look_at_everything_and_others_are_not():
    async def told() -> tuple[list[str], list[str]]:
        hub = Hub()
        deaf, awake = hub.messages(), hub.messages()
        assert "retry" in await anext(deaf)
        assert "retry" in await anext(awake)
        heard = []
        waiting = asyncio.ensure_future(anext(awake))
        await asyncio.sleep(0)
        for number in range(1000):
            hub.tell("changed", {"files": [f"{number}"]})
            heard.append(await waiting)
            waiting = asyncio.ensure_future(anext(awake))
            await asyncio.sleep(0)
        late = [await anext(deaf)]
        hub.close()
        late += [message async for message in deaf]
        waiting.cancel()
        return heard, late

    heard, late = asyncio.run(told())
    assert [f'"{number}"' in message for number, message in enumerate(heard)] == [True] * 1000
    assert "everything" in late[0]
    assert len(late) <= 201


def test_nothing_is_left_of_a_window_that_went():
    async def left() -> int:
        hub = Hub()
        messages = hub.messages()
        await anext(messages)
        await messages.aclose()
        hub.tell("changed", {})
        return len(hub._windows)

    assert asyncio.run(left()) == 0
