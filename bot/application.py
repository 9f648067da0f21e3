"""Everything an adapter may use, in one frozen bundle."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.limits import Limits
from bot.messages.catalogs import Catalogs
from bot.ports.engine import Engine
from bot.ports.images import ImageStore
from bot.services.accounts import Accounts
from bot.services.api_tokens import ApiTokens
from bot.services.audit import Audit
from bot.services.board import CardBoard
from bot.services.cancel import Cancel
from bot.services.connections import Connections
from bot.services.copies import Copies
from bot.services.corrections import Corrections
from bot.services.export import Export
from bot.services.export_files import ExportFiles
from bot.services.follow_up import Remix, Repeat, Reroll, SwapRoles, Vary
from bot.services.gallery import Gallery
from bot.services.history import History
from bot.services.inspection import Inspect
from bot.services.linking import Linking
from bot.services.links import OpenLink, SignLink
from bot.services.measurements import Measurements
from bot.services.measuring import Measuring
from bot.services.operations import Operations
from bot.services.oversight import Oversight
from bot.services.own_styles import OwnStyles
from bot.services.privacy import EraseMe
from bot.services.readiness import CheckReadiness
from bot.services.reports import Reports
from bot.services.server_words import ServerWords
from bot.services.settings import Preferences
from bot.services.sign_in import SignIn
from bot.services.styles import StyleCards
from bot.services.submit import Submit
from bot.services.thumbnails import Thumbnails
from bot.services.tray import Trays
from bot.services.triptych import MakeTriptych
from bot.services.upscale import Upscale
from bot.services.waiting import CountWaiting


@dataclass(frozen=True, slots=True)
class Application:
    """The services, and what they are told with; links are None where the page has no public address."""

    limits: Limits
    catalogs: Catalogs
    submit: Submit
    reroll: Reroll
    vary: Vary
    remix: Remix
    swap_roles: SwapRoles
    repeat: Repeat
    upscale: Upscale
    cancel: Cancel
    corrections: Corrections
    board: CardBoard
    waiting: CountWaiting
    history: History
    gallery: Gallery
    thumbnails: Thumbnails
    copies: Copies
    styles: StyleCards
    own_styles: OwnStyles
    tray: Trays
    preferences: Preferences
    words: ServerWords
    accounts: Accounts
    operations: Operations
    audit: Audit
    reports: Reports
    oversight: Oversight
    readiness: CheckReadiness
    measuring: Measuring
    measurements: Measurements
    connections: Connections
    linking: Linking
    sign_in: SignIn
    api_tokens: ApiTokens
    export: Export
    export_files: ExportFiles
    erase: EraseMe
    inspect: Inspect
    triptych: MakeTriptych
    sign_link: SignLink | None
    open_link: OpenLink | None
    images: ImageStore
    engine: Engine
