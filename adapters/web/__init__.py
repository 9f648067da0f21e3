"""The local page, through aiohttp."""
