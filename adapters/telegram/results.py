"""Which result a message of ours shows, told by its own buttons."""

from __future__ import annotations

from telegram import Message

from adapters.telegram.keyboards import Press, parse_press


def result_in(message: Message | None) -> Press | None:
    """The job and the picture that the message's buttons are for; None where they are for none."""
    if message is None or message.reply_markup is None:
        return None
    for row in message.reply_markup.inline_keyboard:
        for one in row:
            press = parse_press(one.callback_data if isinstance(one.callback_data, str) else None)
            if press is not None:
                return press
    return None
