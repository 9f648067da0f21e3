"""Which result a message of ours shows, told by its own buttons."""

from __future__ import annotations

from telegram import Message

from adapters.telegram.keyboards import Action, Press, parse_press


def result_in(message: Message | None) -> Press | None:
    """The job and the picture that the message's buttons are for, of several the chosen one; None where they are none.

    So it is known at any age of the message, and nothing need be remembered of it.
    """
    if message is None or message.reply_markup is None:
        return None
    found = [
        press
        for row in message.reply_markup.inline_keyboard
        for one in row
        if (press := parse_press(one.callback_data if isinstance(one.callback_data, str) else None)) is not None
    ]
    about_one = [press for press in found if press.action is not Action.PICK]
    return next(iter(about_one or found), None)
