"""The configuration: one TOML file, parsed once, every mistake reported at once; secrets from the environment only."""

from bot.config.chats import DiscordSection, TelegramSection
from bot.config.effective import load_all
from bot.config.engine import EngineSection
from bot.config.log import LogSection
from bot.config.mistakes import ConfigError, Mistake
from bot.config.people import LimitsSection, OperatorsSection, QuotasSection, TierSection
from bot.config.reading import load_config, parse_config
from bot.config.section import PositiveSeconds, Section
from bot.config.storage import RetentionSection, StorageSection
from bot.config.tokens import Secrets, read_secrets
from bot.config.web import WebSection
from bot.config.whole import Config

__all__ = [
    "Config",
    "ConfigError",
    "DiscordSection",
    "EngineSection",
    "LimitsSection",
    "LogSection",
    "Mistake",
    "OperatorsSection",
    "PositiveSeconds",
    "QuotasSection",
    "RetentionSection",
    "Secrets",
    "Section",
    "StorageSection",
    "TelegramSection",
    "TierSection",
    "WebSection",
    "load_all",
    "load_config",
    "parse_config",
    "read_secrets",
]
