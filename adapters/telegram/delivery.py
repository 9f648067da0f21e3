"""How a job ended, brought into its chat: the card becomes the picture, or says why there is none."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram import InlineKeyboardMarkup, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.ext import ExtBot

from adapters.telegram.addresses import ChatAddress, read_reply_to
from adapters.telegram.cards import CardKeeper, draw_card
from adapters.telegram.errors import is_card_gone, is_photo_refused, is_thread_gone, is_unchanged, raise_for_outbox
from adapters.telegram.faces import CardFace, Look, as_caption
from adapters.telegram.kept import KeptPhotos
from adapters.telegram.keyboards import result_keyboard, retry_keyboard
from adapters.telegram.limiter import FloodLimiter
from adapters.telegram.pictures import file_name, fits_as_photo
from bot.domain.cards import Card, Phase
from bot.domain.jobs import Job, JobId, JobState, ResultPicture
from bot.messages.cards import mode_text, withheld_text
from bot.messages.catalogs import Catalog, Catalogs
from bot.ports.images import ImageStore, PictureMissing
from bot.ports.platforms import DeliveryDelayed, DeliveryImpossible

# A delivery that would have to wait longer than this goes back to the outbox instead of holding others up.
PATIENCE_S: Final = 5.0
_REMEMBERED_ALBUMS = 500

Media = InputMediaPhoto | InputMediaDocument


@dataclass(frozen=True, slots=True)
class _Loaded:
    picture: ResultPicture
    data: bytes


class Delivery:
    """Brings results into chats; a repetition edits the same card into the same picture."""

    def __init__(
        self,
        bot: ExtBot[int],
        images: ImageStore,
        catalogs: Catalogs,
        keeper: CardKeeper,
        limiter: FloodLimiter,
        *,
        kept: KeptPhotos,
    ) -> None:
        self._bot = bot
        self._images = images
        self._catalogs = catalogs
        self._keeper = keeper
        self._limiter = limiter
        self._kept = kept
        # An album can not be edited into place: remember which went out, for the rest of its delivery.
        self._albums_sent: OrderedDict[JobId, tuple[int, ...]] = OrderedDict()

    async def deliver(self, job: Job) -> None:
        """Show how `job` ended. Raises `DeliveryDelayed` or `DeliveryImpossible`."""
        address = read_reply_to(job.reply_to)
        if address is None:
            raise DeliveryImpossible("the job has no address in Telegram")
        await self._keeper.release(job.id)
        wait_s = self._limiter.wait_s(address.chat_id)
        if wait_s > PATIENCE_S:
            raise DeliveryDelayed("the chat is full for the moment", wait_s)
        try:
            await self._bring(job, address)
        except TelegramError as error:
            raise_for_outbox(error)

    async def show_again(self, job: Job, address: ChatAddress) -> None:
        """Send how `job` ended once more, below the message that asked. Raises `TelegramError`."""
        self._albums_sent.pop(job.id, None)
        await self._bring(job, replace(address, card_message_id=None))

    async def _bring(self, job: Job, address: ChatAddress) -> None:
        try:
            await self._show(job, address)
        except ChatMigrated as error:
            # The group became a supergroup: the old messages stayed behind.
            await self._show(job, ChatAddress(error.new_chat_id, None, None, is_group=True))
        except BadRequest as error:
            if not is_thread_gone(error):
                raise
            await self._show(job, replace(address, thread_id=None))

    async def _show(self, job: Job, address: ChatAddress) -> None:
        catalog = self._catalogs.for_locale(job.locale)
        if job.state is not JobState.DONE or not job.pictures:
            await self._show_ending(job, address, catalog)
            return
        try:
            loaded = [_Loaded(one, await self._images.get(one.picture)) for one in job.pictures]
        except PictureMissing:
            await self._put_text(address, catalog.text("reject-picture-unknown"), None)
            return
        if len(loaded) == 1:
            await self._show_one(job, loaded[0], address, catalog)
        else:
            await self._show_several(job, loaded, address, catalog)

    async def _show_ending(self, job: Job, address: ChatAddress, catalog: Catalog) -> None:
        text = draw_card(Card(job=job, phase=Phase(job.state.value), serial=0), catalog)
        await self._put_text(address, text, retry_keyboard(job, catalog))

    async def _show_one(self, job: Job, loaded: _Loaded, address: ChatAddress, catalog: Catalog) -> None:
        caption = caption_of(job, [loaded.picture], catalog)
        keyboard = result_keyboard(job, catalog)
        if fits_as_photo(loaded.picture, len(loaded.data)):
            try:
                shown = await self._put_media(address, _photo(job, loaded, caption), keyboard)
            except BadRequest as error:
                if not is_photo_refused(error):
                    raise
            else:
                await self._kept.note(job.id, loaded.picture.index, shown)
                return
        await self._put_media(address, _document(job, loaded, caption), keyboard)

    async def _show_several(self, job: Job, loaded: Sequence[_Loaded], address: ChatAddress, catalog: Catalog) -> None:
        """An album can have no buttons: they follow in a message of their own, and the card goes."""
        album = self._albums_sent.get(job.id)
        caption = caption_of(job, [one.picture for one in loaded], catalog)
        if album is None:
            album = await self._send_album(job, loaded, address, caption)
            self._albums_sent[job.id] = album
            while len(self._albums_sent) > _REMEMBERED_ALBUMS:
                self._albums_sent.popitem(last=False)
        below_album = replace(address, request_message_id=album[0], card_message_id=None)
        text = catalog.text("card-done-detail", count=len(loaded))
        await self._put_text(below_album, text, result_keyboard(job, catalog, album=album))
        await self._remove_card(address)

    async def _send_album(
        self, job: Job, loaded: Sequence[_Loaded], address: ChatAddress, caption: str
    ) -> tuple[int, ...]:
        as_photos = all(fits_as_photo(one.picture, len(one.data)) for one in loaded)
        make = _photo if as_photos else _document
        media = [make(job, one, caption if place == 0 else None) for place, one in enumerate(loaded)]
        messages = await self._bot.send_media_group(
            address.chat_id,
            media,
            message_thread_id=address.thread_id,
            reply_parameters=address.reply_parameters,
        )
        for one, message in zip(loaded, messages, strict=True):
            await self._kept.note(job.id, one.picture.index, message)
        return tuple(message.message_id for message in messages)

    async def _remove_card(self, address: ChatAddress) -> None:
        if address.card_message_id is None:
            return
        try:
            await self._bot.delete_message(address.chat_id, address.card_message_id)
        except BadRequest:
            # Deleted already, or older than the 48 hours in which messages can be: nothing is lost.
            return

    async def _put_media(self, address: ChatAddress, media: Media, keyboard: InlineKeyboardMarkup) -> object:
        """Turn the card into the picture; where there is no card any more, send it. Returns what was answered."""
        if address.card_message_id is not None:
            edit = self._bot.edit_message_media(
                media, chat_id=address.chat_id, message_id=address.card_message_id, reply_markup=keyboard
            )
            edited = await _edited(edit)
            if edited is not None:
                return edited
        send = self._bot.send_photo if isinstance(media, InputMediaPhoto) else self._bot.send_document
        return await send(
            address.chat_id,
            media.media,
            caption=media.caption,
            reply_markup=keyboard,
            message_thread_id=address.thread_id,
            reply_parameters=address.reply_parameters,
        )

    async def _put_text(self, address: ChatAddress, text: str, keyboard: InlineKeyboardMarkup | None) -> None:
        if address.card_message_id is not None:
            try:
                await CardFace(self._bot, address).show(Look(text), keyboard)
            except BadRequest as error:
                if not is_card_gone(error):
                    raise
            else:
                return
        await self._bot.send_message(
            address.chat_id,
            text,
            reply_markup=keyboard,
            message_thread_id=address.thread_id,
            reply_parameters=address.reply_parameters,
        )


def caption_of(job: Job, pictures: Sequence[ResultPicture], catalog: Catalog) -> str:
    """The mode understood, the seeds, and the label of a toy model; at most what a caption holds."""
    first = pictures[0]
    seeds = dict.fromkeys(picture.seed for picture in pictures)
    parts = [mode_text(job.request, catalog), *(catalog.text("label-seed-value", seed=str(seed)) for seed in seeds)]
    parts.append(catalog.text("toy-model") if first.is_toy else first.model_label)
    parts.append(withheld_text(job, catalog))
    return as_caption(" · ".join(part for part in parts if part))


def _photo(job: Job, loaded: _Loaded, caption: str | None) -> InputMediaPhoto:
    name = file_name(job.id, loaded.picture.index)
    return InputMediaPhoto(loaded.data, caption=caption, filename=name, has_spoiler=job.request.spoiler or None)


def _document(job: Job, loaded: _Loaded, caption: str | None) -> InputMediaDocument:
    name = file_name(job.id, loaded.picture.index)
    return InputMediaDocument(loaded.data, caption=caption, filename=name, disable_content_type_detection=True)


async def _edited(edit: Awaitable[object]) -> object:
    """Carry out an edit of the card; None when there is no card any more and the news must be sent instead."""
    try:
        return await edit
    except BadRequest as error:
        if is_card_gone(error):
            return None
        if not is_unchanged(error):
            raise
    return True
