"""Recipes on the page: reading how a file was made, and making a picture again by the id of its recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from aiohttp import BodyPartReader, web

from adapters.web.answers import json_answer, origin_of, submitted_answer
from adapters.web.form_schema import PICTURE_REFUSALS, PICTURE_TYPES, QUEUE_REFUSALS
from adapters.web.forms import UNREADABLE, read_picture
from adapters.web.interface.declared import IDEMPOTENCY_KEY, Answer, FormBody, Operation, described
from adapters.web.refusals import Refused, WebRefusal
from adapters.web.views import CardView
from adapters.web.visitors import visitor_of
from bot.application import Application
from bot.domain.errors import Rejection
from bot.domain.inspections import Inspection
from bot.domain.limits import Limits
from bot.domain.recipes import Recipe
from bot.messages.catalogs import Catalog
from bot.messages.recipes import inspection_text


class RecipeView(msgspec.Struct, frozen=True, kw_only=True):
    """What of a recipe can be filled in by hand; sizes in pixels. `has_references` tells of pictures it needs too."""

    recipe: str
    prompt: str
    width: int
    height: int
    steps: int
    guidance: float
    subject_size: int
    seed: int
    has_references: bool
    is_variation: bool


class InspectionView(msgspec.Struct, frozen=True, kw_only=True):
    """How a file was made, a line each; `found` is our recipe if it has one that draws."""

    lines: list[str]
    found: RecipeView | None


_RECIPES: Final = "Recipes"
_NEW: Final = (
    Answer(201, "It waits in the queue.", CardView),
    Answer(200, "The same key came before; this is the job it made.", CardView),
)


def _file_form(limits: Limits) -> Mapping[str, Any]:
    picture = {
        "type": "string",
        "format": "binary",
        "description": f"PNG, JPEG or WebP of at most {limits.max_file_bytes // 2**20} MB.",
    }
    schema = {"type": "object", "properties": {"picture": picture}, "required": ["picture"]}
    return {"schema": schema, "encoding": {"picture": {"contentType": PICTURE_TYPES}}}


class RecipeHandlers:
    """Handlers over the services; nothing of a file that is read here is kept."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_post("/api/recipes/read", self.read)
        router.add_post("/api/recipes/{recipe}/repeat", self.repeat)

    @described(
        Operation(
            "Read from a file how it was made",
            (Answer(200, "What the file says.", InspectionView),),
            _RECIPES,
            refusals=PICTURE_REFUSALS,
            body=FormBody(_file_form),
        )
    )
    async def read(self, request: web.Request) -> web.Response:
        """What the text chunks of a picture file say; its pixels are not looked at."""
        visitor = visitor_of(request, self._application.catalogs)
        data = await _read_file(request, self._application.limits)
        return json_answer(_view(await self._application.inspect(data), visitor.catalog))

    @described(
        Operation(
            "Make a picture again by its recipe",
            _NEW,
            _RECIPES,
            refusals=(Rejection.RECIPE_UNKNOWN, Rejection.JOB_NOT_YOURS, Rejection.PICTURE_GONE, *QUEUE_REFUSALS),
            parameters=(IDEMPOTENCY_KEY,),
            path_words={"recipe": "The id of a recipe, as Info and the file tell it: `JOB-2`, or `JOB` for all of it."},
        )
    )
    async def repeat(self, request: web.Request) -> web.Response:
        """The identical picture once more, wherever it was asked for first."""
        visitor = visitor_of(request, self._application.catalogs)
        submitted = await self._application.repeat(origin_of(request, visitor), request.match_info["recipe"])
        return await submitted_answer(self._application, submitted, visitor)


async def _read_file(request: web.Request, limits: Limits) -> bytes:
    if not request.content_type.startswith("multipart/"):
        raise Refused(WebRefusal.BAD_REQUEST)
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "picture" and part.filename:
                return await read_picture(part, limits)
            break
    except UNREADABLE as error:
        raise Refused(WebRefusal.BAD_REQUEST) from error
    raise Refused(WebRefusal.BAD_REQUEST)


def _view(inspection: Inspection, catalog: Catalog) -> InspectionView:
    recipe = inspection.recipe
    is_drawn = recipe is not None and recipe.upscale_of is None
    return InspectionView(
        lines=inspection_text(inspection, catalog).split("\n"),
        found=_recipe_view(recipe) if recipe is not None and (is_drawn or recipe.recipe_id) else None,
    )


def _recipe_view(recipe: Recipe) -> RecipeView:
    return RecipeView(
        recipe=recipe.recipe_id,
        prompt=recipe.prompt,
        width=recipe.width,
        height=recipe.height,
        steps=recipe.steps,
        guidance=recipe.guidance,
        subject_size=recipe.subject_size,
        seed=recipe.seed,
        has_references=bool(recipe.subject or recipe.styles or recipe.upscale_of),
        is_variation=recipe.variation_seed is not None,
    )
