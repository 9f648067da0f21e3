"""All sections together."""

from __future__ import annotations

from bot.config.chats import DiscordSection, TelegramSection
from bot.config.engine import EngineSection
from bot.config.log import LogSection
from bot.config.moderation import ModerationSection
from bot.config.people import LimitsSection, OperatorsSection, QuotasSection
from bot.config.section import Section
from bot.config.storage import RetentionSection, StorageSection
from bot.config.web import WebSection


class Config(Section):
    """All sections; each part of the program receives its own."""

    storage: StorageSection = StorageSection()
    web: WebSection = WebSection()
    engine: EngineSection = EngineSection()
    limits: LimitsSection = LimitsSection()
    quotas: QuotasSection = QuotasSection()
    operators: OperatorsSection = OperatorsSection()
    moderation: ModerationSection = ModerationSection()
    retention: RetentionSection = RetentionSection()
    discord: DiscordSection = DiscordSection()
    telegram: TelegramSection = TelegramSection()
    log: LogSection = LogSection()
