"""What each REST operation does to the world: all of them, and those about the application itself."""

from __future__ import annotations

from typing import Any

from tests.servers.discord import errors
from tests.servers.discord.answering import Answering
from tests.servers.discord.channel_roads import ChannelRoads
from tests.servers.discord.gateway import Gateway
from tests.servers.discord.posting import Posting
from tests.servers.discord.rest import Answer, Call, Handler
from tests.servers.discord.rules import faults_in_commands
from tests.servers.discord.world import World


def handlers_by_operation(world: World, gateway: Gateway) -> dict[str, Handler]:
    """One function an operation of the description, by its `operationId`."""
    posting = Posting(world)
    return {
        **ApplicationRoads(world, gateway).by_operation(),
        **Answering(world, posting).by_operation(),
        **ChannelRoads(world, posting).by_operation(),
    }


class ApplicationRoads:
    """Who the bot is, and its commands."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    def by_operation(self) -> dict[str, Handler]:
        """All of them."""
        return {
            "get_my_user": self.get_my_user,
            "get_gateway": self.get_gateway,
            "get_bot_gateway": self.get_bot_gateway,
            "get_my_oauth2_application": self.get_my_application,
            "list_application_commands": self.list_commands,
            "bulk_set_application_commands": self.set_commands,
        }

    async def get_my_user(self, _call: Call) -> Answer:
        return 200, {**self._world.bot.payload(), "mfa_enabled": False, "locale": "en-US"}

    async def get_gateway(self, _call: Call) -> Answer:
        return 200, {"url": self._gateway.url}

    async def get_bot_gateway(self, _call: Call) -> Answer:
        left = {"total": 1000, "remaining": 1000 - self._gateway.identified, "reset_after": 0, "max_concurrency": 1}
        return 200, {"url": self._gateway.url, "shards": 1, "session_start_limit": left}

    async def get_my_application(self, _call: Call) -> Answer:
        owner = {**self._world.bot.payload(), "bot": False}
        return 200, {
            "id": str(self._world.application_id),
            "name": "USO Bot",
            "icon": None,
            "description": "",
            "type": None,
            "verify_key": "0" * 64,
            "flags": 0,
            "flags_new": "0",
            "bot_public": True,
            "bot_require_code_grant": False,
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": owner,
            "approximate_guild_count": 1,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": [],
        }

    async def list_commands(self, _call: Call) -> Answer:
        return 200, self._world.commands

    async def set_commands(self, call: Call) -> Answer:
        commands: Any = call.body.data
        if faults := faults_in_commands(commands):
            raise errors.invalid_form("; ".join(faults))
        self._world.commands = [self._command_payload(one) for one in commands]
        return 200, self._world.commands

    def _command_payload(self, command: dict[str, Any]) -> dict[str, Any]:
        permissions = command.get("default_member_permissions")
        return {
            "description": "",
            **command,
            "id": str(self._world.snowflake()),
            "application_id": str(self._world.application_id),
            "version": str(self._world.snowflake()),
            "default_member_permissions": None if permissions is None else str(permissions),
            "type": command.get("type", 1),
            "integration_types": command.get("integration_types") or [0],
        }
