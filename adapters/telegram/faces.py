"""The face of a card: a message of ours whose words, picture and buttons change while it stays where it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from telegram import InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, NetworkError
from telegram.ext import ExtBot

from adapters.telegram.addresses import ChatAddress
from adapters.telegram.errors import is_photo_refused, is_textless, is_unchanged

CAPTION_UNITS: Final = 1024
_PREVIEW_NAME: Final = "preview.jpg"


@dataclass(frozen=True, slots=True)
class Look:
    """What a card shows; `preview` is a JPEG of the picture so far."""

    text: str
    preview: bytes | None = None
    is_spoiler: bool = False


class CardFace:
    """One card. A card that once showed a picture can not lose it any more: from then on its words are a caption.

    What kind it is may be unknown after a restart; Telegram says so when the first edit does not fit.
    """

    def __init__(self, bot: ExtBot[int], address: ChatAddress) -> None:
        self._bot = bot
        self._address = address
        self._has_picture = False
        self._takes_previews = True
        self._shown: Look | None = None

    def shows(self, look: Look) -> bool:
        """Whether an edit would change nothing."""
        return self._shown == look

    async def show(self, look: Look, keyboard: InlineKeyboardMarkup | None) -> None:
        """Make one edit, or a second one where the first met another kind of card. Raises `TelegramError`.

        Words matter more than previews: after a preview that did not arrive, the card goes on without.
        """
        wanted = look if self._takes_previews else replace(look, preview=None)
        try:
            await self._edit(wanted, keyboard)
        except NetworkError as error:
            if not self._adapt(error, wanted):
                raise
            await self.show(look, keyboard)
            return
        self._shown = look

    def _adapt(self, error: NetworkError, look: Look) -> bool:
        """Whether another edit may succeed, by what is known of the card now; `BadRequest` is a `NetworkError` too."""
        if is_textless(error) and not self._has_picture:
            self._has_picture = True
            return True
        is_about_picture = not isinstance(error, BadRequest) or is_photo_refused(error)
        if is_about_picture and look.preview is not None:
            self._takes_previews = False
            return True
        return False

    async def _edit(self, look: Look, keyboard: InlineKeyboardMarkup | None) -> None:
        try:
            await self._put(look, keyboard)
        except BadRequest as error:
            if not is_unchanged(error):
                raise

    async def _put(self, look: Look, keyboard: InlineKeyboardMarkup | None) -> None:
        chat_id, message_id = self._address.chat_id, self._address.card_message_id
        is_new_picture = look.preview is not None and (self._shown is None or self._shown.preview != look.preview)
        if look.preview is not None and is_new_picture:
            media = InputMediaPhoto(
                look.preview,
                caption=as_caption(look.text),
                filename=_PREVIEW_NAME,
                has_spoiler=look.is_spoiler or None,
            )
            await self._bot.edit_message_media(media, chat_id=chat_id, message_id=message_id, reply_markup=keyboard)
            self._has_picture = True
        elif self._has_picture:
            await self._bot.edit_message_caption(
                chat_id=chat_id, message_id=message_id, caption=as_caption(look.text), reply_markup=keyboard
            )
        else:
            await self._bot.edit_message_text(look.text, chat_id=chat_id, message_id=message_id, reply_markup=keyboard)


def as_caption(text: str) -> str:
    """As much of a text as a caption holds; Telegram counts in UTF-16."""
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * CAPTION_UNITS:
        return text
    return encoded[: 2 * (CAPTION_UNITS - 1)].decode("utf-16-le", "ignore") + "…"
