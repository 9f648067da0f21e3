"""Methods about the bot itself, its command lists, the members of chats, and files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from tests.servers.telegram.chats import Chat, Json, Memory, bad_request
from tests.servers.telegram.media import Upload

DOWNLOAD_BYTES = 20 * 2**20
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_COMMANDS = 100
_DESCRIPTION_CHARS = 256
_LANGUAGE = re.compile(r"([a-z]{2})?")
_ADMIN_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users",
)  # fmt: skip
_NO_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


class Asking:
    """Answers questions; keeps command lists by scope and language."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._commands: dict[tuple[str, str], list[Json]] = {}

    @property
    def commands(self) -> dict[str, list[Json]]:
        """The lists of the default scope by language."""
        return self.commands_in({"type": "default"})

    def commands_in(self, scope: Json) -> dict[str, list[Json]]:
        """The lists of a scope by language."""
        return {language: found for (where, language), found in self._commands.items() if where == _key(scope)}

    def get_me(self, _values: Json, _uploads: Mapping[str, Upload]) -> Json:
        """getMe"""
        return self._memory.bot

    def set_my_commands(self, values: Json, _uploads: Mapping[str, Upload]) -> bool:
        """setMyCommands: at most 100, of lower case letters, digits and underscores"""
        if len(values["commands"]) > _COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in values["commands"]:
            if not _COMMAND.fullmatch(command["command"]):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= _DESCRIPTION_CHARS:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self._commands[self._place(values)] = values["commands"]
        return True

    def get_my_commands(self, values: Json, _uploads: Mapping[str, Upload]) -> list[Json]:
        """getMyCommands"""
        return self._commands.get(self._place(values), [])

    def delete_my_commands(self, values: Json, _uploads: Mapping[str, Upload]) -> bool:
        """deleteMyCommands"""
        self._commands.pop(self._place(values), None)
        return True

    def get_chat_member(self, values: Json, _uploads: Mapping[str, Upload]) -> Json:
        """getChatMember"""
        chat = self._memory.chat(values["chat_id"])
        user_id = values["user_id"]
        if user_id == self._memory.bot["id"]:
            return _member(self._memory.bot, "administrator" if chat.is_bot_admin else "member")
        known = chat.members.get(user_id)
        if known is None:
            raise bad_request("member not found")
        return _member(*known)

    def get_chat_administrators(self, values: Json, _uploads: Mapping[str, Upload]) -> list[Json]:
        """getChatAdministrators: without other bots"""
        chat = self._memory.chat(values["chat_id"])
        if chat.is_private:
            raise bad_request("there are no administrators in the private chat")
        return [_member(user, status) for user, status in chat.members.values() if status != "member"]

    def get_file(self, values: Json, _uploads: Mapping[str, Upload]) -> Json:
        """getFile: up to 20 MB, by a relative path"""
        data = self._memory.files.get(values["file_id"])
        if data is None:
            raise bad_request("invalid file_id")
        if len(data) > DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        file_id = values["file_id"]
        return {
            "file_id": file_id,
            "file_unique_id": file_id.rpartition("-")[2],
            "file_size": len(data),
            "file_path": f"photos/{file_id}",
        }

    def _place(self, values: Json) -> tuple[str, str]:
        scope, language = values.get("scope", {"type": "default"}), values.get("language_code", "")
        if not _LANGUAGE.fullmatch(language):
            raise bad_request("invalid language code specified")
        if "chat_id" in scope:
            self._memory.chat(scope["chat_id"])
        return _key(scope), language


def _key(scope: Json) -> str:
    return json.dumps(scope, sort_keys=True)


def _member(user: Json, status: str) -> Json:
    facts: Json = {"user": user, "status": status}
    if status == "creator":
        return facts | {"is_anonymous": False}
    if status == "administrator":
        return facts | dict.fromkeys(_ADMIN_RIGHTS, True) | dict.fromkeys(_NO_RIGHTS, False)
    return facts


def join(chat: Chat, user: Json, status: str) -> None:
    """Make somebody a member of a chat: `creator`, `administrator`, `member` or `left`."""
    chat.members[user["id"]] = (user, status)
