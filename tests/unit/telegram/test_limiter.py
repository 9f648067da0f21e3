"""Flood limits on our side, on a clock in the test's hand."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import RetryAfter

from adapters.telegram.limiter import OVERALL_MESSAGES, FloodLimiter
from tests.servers.telegram.floods import FloodGate
from tests.servers.telegram.hand_timer import HandTimer

ADA, JO, GROUP = 1, 2, -100


class Line:
    """A limiter in front of a gate that knows Telegram's limits, both on one clock."""

    def __init__(self) -> None:
        self.timer = HandTimer()
        self.limiter = FloodLimiter(self.timer)
        self.gate = FloodGate(self.timer.monotonic)
        self.sent: list[tuple[float, int]] = []

    async def call(self, chat_id: int, weight: int = 1, retries: int | None = None, errors: int = 0) -> None:
        left = [errors]

        async def send() -> bool:
            if left[0]:
                left[0] -= 1
                raise RetryAfter(30)
            assert self.gate.admit(chat_id, "send", weight) == 0
            self.sent.append((self.timer.monotonic(), chat_id))
            return True

        endpoint = "sendMediaGroup" if weight > 1 else "sendMessage"
        data: dict[str, Any] = {"chat_id": chat_id, "media": [None] * weight}
        await self.limiter.process_request(send, (), {}, endpoint, data, retries)

    async def finish(self, *tasks: asyncio.Task[None]) -> None:
        """Let time pass until all calls went through."""
        while not all(task.done() for task in tasks):
            for _ in range(5):
                await asyncio.sleep(0)
            self.timer.skip_to_next()


async def line_of(*calls: tuple[int, int]) -> Line:
    """Push all calls at once and let them through."""
    line = Line()
    tasks = [asyncio.create_task(line.call(chat_id, weight)) for chat_id, weight in calls]
    await line.finish(*tasks)
    await asyncio.gather(*tasks)
    return line


async def test_one_message_a_second_in_a_chat_in_order() -> None:
    line = await line_of((ADA, 1), (ADA, 1), (JO, 1), (ADA, 1))
    moments = [at for at, chat_id in line.sent if chat_id == ADA]
    assert [later - earlier for earlier, later in itertools.pairwise(moments)] == [1.0, 1.0]
    assert line.sent[1][1] == JO, "nobody waits for somebody else's chat"


async def test_what_can_wait_lets_others_go_first() -> None:
    line = Line()
    line.timer.advance(1)
    assert line.limiter.wait_s(ADA, reserve=0) == 0
    calls = [asyncio.create_task(line.call(chat_id)) for chat_id in range(10, 10 + 2 * OVERALL_MESSAGES)]
    while len(line.sent) < 2 * OVERALL_MESSAGES:
        for _ in range(5):
            await asyncio.sleep(0)
        assert line.limiter.wait_s(ADA, reserve=0) > 0, "while others are in line, and in a second that is half full"
        line.timer.skip_to_next()
    await asyncio.gather(*calls)
    line.timer.advance(1)
    assert line.limiter.wait_s(ADA, reserve=0) == 0


async def test_a_full_group_keeps_nobody_elsewhere_waiting() -> None:
    line = await line_of(*[(GROUP, 10)] * 2)
    line.timer.advance(2)
    waiting = asyncio.create_task(line.call(GROUP))
    await asyncio.sleep(0)
    assert line.limiter.wait_s(ADA, reserve=0) == 0
    await line.finish(waiting)


async def test_twenty_messages_a_minute_in_a_group_counting_every_picture_of_an_album() -> None:
    line = await line_of(*[(GROUP, 4)] * 6)
    moments = [at for at, _ in line.sent]
    assert moments[4] - moments[0] == 4.0
    assert moments[5] - moments[0] == 60.0


async def test_thirty_messages_a_second_overall() -> None:
    line = await line_of(*[(number, 1) for number in range(1, 101)])
    assert len(line.sent) == 100
    assert line.sent[-1][0] - line.sent[0][0] <= 4.0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([1, 2, 3, -1, -2]), st.sampled_from([1, 1, 2, 4])), max_size=40))
def test_no_mixture_breaks_a_limit(calls: list[tuple[int, int]]) -> None:
    line = asyncio.run(line_of(*calls))
    assert line.gate.violations == []
    assert len(line.sent) == len(calls)


async def test_calls_into_no_chat_go_at_once() -> None:
    limiter = FloodLimiter(HandTimer())
    answered = await limiter.process_request(_answer(True), (), {}, "answerCallbackQuery", {}, None)
    assert answered is True


async def test_slowing_down_is_obeyed_and_repeated_as_often_as_asked() -> None:
    line = Line()
    started = line.timer.monotonic()
    task = asyncio.create_task(line.call(ADA, retries=2, errors=2))
    await line.finish(task)
    await task
    assert line.sent[0][0] - started >= 60


async def test_without_retries_the_caller_hears_of_it_and_the_chat_rests() -> None:
    line = Line()
    task = asyncio.create_task(line.call(ADA, errors=1))
    await line.finish(task)
    with pytest.raises(RetryAfter):
        await task
    assert line.limiter.wait_s(ADA) == 30
    assert line.limiter.wait_s(JO) <= 1


async def test_a_reserve_is_kept_in_groups() -> None:
    line = await line_of(*[(GROUP, 1)] * 15)
    line.timer.advance(1)
    assert line.limiter.wait_s(GROUP) == 0
    assert line.limiter.wait_s(GROUP, reserve=8) > 0


async def test_quiet_chats_are_forgotten() -> None:
    line = Line()
    for chat_id in range(1, 1500):
        line.limiter.wait_s(chat_id)
        line.timer.advance(1)
    assert len(line.limiter._chats) <= 1000


def _answer(value: bool) -> Callable[..., Any]:
    async def answer() -> bool:
        return value

    return answer


async def test_what_only_asks_goes_at_once_and_counts_for_nothing() -> None:
    line = Line()
    asked: list[float] = []

    async def ask() -> bool:
        asked.append(line.timer.monotonic())
        return True

    for _ in range(50):
        await line.limiter.process_request(ask, (), {}, "getChatMember", {"chat_id": GROUP, "user_id": ADA}, None)
    assert asked == [line.timer.monotonic()] * 50
    sent = asyncio.create_task(line.call(GROUP))
    await line.finish(sent)
    assert len(line.sent) == 1
