"""The page, as its own tests have it."""

from tests.e2e.web.conftest import engine, page, tiers

__all__ = ["engine", "page", "tiers"]
