"""/restyle, /sweep and /grid: requests that a command fills in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from adapters.telegram.calls import Call, Reply
from adapters.telegram.commands import Said
from adapters.telegram.desk import Asked
from adapters.telegram.handlers.tools import Tools
from adapters.telegram.keyboards import Press
from adapters.telegram.names import split_names
from adapters.telegram.pictures import picture_in
from adapters.telegram.results import result_in
from adapters.telegram.wishes import Wish, read_wish
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import Draft, Stored
from bot.domain.styles import StyleCard
from bot.messages.cards import rejection_text
from bot.ports.images import PictureMissing
from bot.services.submit import Origin, Submitted
from bot.services.validation import concrete_seed

_SWEPT: Final = 4
_FEWEST_STYLES: Final = 2
_MOST_STYLES: Final = 5


async def sweep(tools: Tools, call: Call) -> None:
    """Four pictures with four seeds, to choose the likeness from."""
    wish = await _read(tools, call, call.words)
    await tools.desk.take_wish(replace(wish, draft=replace(wish.draft, count=_SWEPT)))


async def restyle(tools: Tools, call: Call) -> None:
    """A picture as it is in another style; the words may name a saved one. Raises `Rejected`."""
    wish = await _read(tools, call, call.words)
    draft = replace(wish.draft, keep_size=True)
    if not wish.styles and draft.prompt:
        draft = await _with_named_style(tools, call, draft)
    await _check_restyle(tools, call, wish, draft)
    await tools.desk.take_wish(replace(wish, draft=draft))


async def grid(tools: Tools, call: Call) -> Reply | None:
    """One subject or prompt in two to five saved styles: a card each, all with the same seed. Raises `Rejected`."""
    names, prompt = split_names(call.words)
    if not _FEWEST_STYLES <= len(names) <= _MOST_STYLES:
        return Reply(call.catalog.text("telegram-grid-how", low=_FEWEST_STYLES, high=_MOST_STYLES))
    found = [await tools.application.styles.find(call.actor, name) for name in names]
    cards = list({card.id: card for card in found}.values())
    if len(cards) < _FEWEST_STYLES:
        return Reply(call.catalog.text("telegram-grid-how", low=_FEWEST_STYLES, high=_MOST_STYLES))
    wish = await _read(tools, call, prompt)
    wish = replace(wish, styles=(), draft=replace(wish.draft, seed=concrete_seed(wish.draft.seed)))
    await _Grid(tools, call, wish).make(cards)
    return None


async def _read(tools: Tools, call: Call, words: str) -> Wish:
    """The message as a request; an answered result of ours is taken as it was made, not as Telegram shows it.

    Raises `Rejected` and `FlagWithoutValue`.
    """
    user = call.messages[0].from_user
    assert user is not None, "somebody typed it"
    wish = read_wish(call.messages, user, Said(words, call.command), tools.application.limits)
    draft = replace(wish.draft, use_tray=True)
    result = result_in(call.answered)
    if result is None or wish.styles or any(picture_in(one) is not None for one in call.messages):
        return replace(wish, actor=call.actor, draft=draft)
    original = await _original(tools, call, result)
    return replace(wish, actor=call.actor, subject=None, draft=replace(draft, subject=original))


async def _original(tools: Tools, call: Call, result: Press) -> bytes:
    picture = await tools.application.history.picture(call.actor, result.job_id, result.index)
    try:
        return await tools.application.images.get(picture.picture)
    except PictureMissing:
        raise Rejected(Rejection.RESULT_GONE) from None


async def _with_named_style(tools: Tools, call: Call, draft: Draft) -> Draft:
    """The draft in the saved style that its prompt names; unchanged where it names none."""
    try:
        styles = await tools.application.styles.use(call.actor, draft.prompt)
    except Rejected as rejected:
        if rejected.rejection is not Rejection.STYLE_UNKNOWN:
            raise
        return draft
    return replace(draft, styles=styles, prompt="")


async def _check_restyle(tools: Tools, call: Call, wish: Wish, draft: Draft) -> None:
    lying = await tools.application.tray.show(call.actor)
    if wish.subject is None and draft.subject is None and lying.subject is None:
        raise Rejected(Rejection.RESTYLE_WITHOUT_SUBJECT)
    if not (wish.styles or draft.styles or lying.styles):
        raise Rejected(Rejection.RESTYLE_WITHOUT_STYLE)


@dataclass(frozen=True, slots=True)
class _Grid:
    """One command, several jobs; what refuses the first refuses all, what refuses a later one leaves the earlier."""

    tools: Tools
    call: Call
    wish: Wish

    async def make(self, cards: Sequence[StyleCard]) -> None:
        """Queue one after the other. The event keys hold their numbers, so that a repeated event makes none twice."""
        draft = self.wish.draft
        for number, card in enumerate(cards):
            submitted = await self._submit(draft, card, number)
            if submitted is None:
                return
            if isinstance(submitted, Rejected):
                if number > 0:
                    await self._tell_what_is_left(cards[number:], submitted)
                return
            # From here on the subject is stored; the tray it may have come from is empty by now.
            subject = submitted.job.request.subject
            draft = replace(draft, subject=Stored(subject) if subject is not None else None, use_tray=False)

    async def _submit(self, draft: Draft, card: StyleCard, number: int) -> Submitted | Rejected | None:
        """Queue one; what refuses it is told on its card and returned, None for a fault that was told."""
        styles = tuple(Stored(picture) for picture in card.pictures)
        asked = Asked(self.call.actor, f"{self.call.event_key}/{number}", self.call.address)
        subject = self.wish.subject if number == 0 else None
        ended: list[Submitted | Rejected] = []

        async def enter(origin: Origin) -> Submitted:
            data = await self.tools.downloads.get(subject) if subject is not None else draft.subject
            try:
                submitted = await self.tools.application.submit(origin, replace(draft, subject=data, styles=styles))
            except Rejected as rejected:
                ended.append(rejected)
                raise
            ended.append(submitted)
            return submitted

        note = self.call.catalog.text("note-style", name=card.name)
        await self.tools.desk.take(asked, enter, notes=(note,))
        return ended[0] if ended else None

    async def _tell_what_is_left(self, cards: Sequence[StyleCard], rejected: Rejected) -> None:
        names = ", ".join(card.name for card in cards)
        reason = rejection_text(rejected, self.call.catalog)
        text = self.call.catalog.text("grid-left-out", names=names, reason=reason)
        await self.tools.voice.say(self.call.address, text)
