"""The pages under docs name what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_DOCS = sorted([*(_ROOT / "docs").glob("*.md"), _ROOT / "SECURITY.md", _ROOT / "README.md"])
_CODE_PATH = re.compile(r"`((?:bot|adapters|uso|storage|tests|deploy|benchmarks)/[\w./*-]+)`")
_LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")


def _parts() -> set[str]:
    """Every package one level below the top, and every module beside those of `bot`."""
    bot = {f"bot/{one.name}" for one in (_ROOT / "bot").iterdir() if _is_code(one)}
    adapters = {f"adapters/{one.name}" for one in (_ROOT / "adapters").iterdir() if _is_code(one) and one.is_dir()}
    return bot | adapters | {"uso", "storage"}


def _is_code(path: Path) -> bool:
    if path.is_dir():
        return (path / "__init__.py").exists()
    return path.suffix == ".py" and path.name != "__init__.py"


def test_every_part_is_on_the_architecture_page() -> None:
    page = (_ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert [part for part in sorted(_parts()) if f"`{part}`" not in page] == []


@pytest.mark.parametrize("page", _DOCS, ids=lambda page: page.name)
def test_every_path_and_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = [path for path in _CODE_PATH.findall(text) if not any(_ROOT.glob(path))]
    missing += [link for link in _LINK.findall(text) if not (page.parent / link).exists()]
    assert missing == []
