"""The form of Remix: an earlier request with its words and numbers to change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from discord import SelectOption, TextStyle, ui

from adapters.discord.buttons import ResultAction
from adapters.discord.forms.filled import Filled
from bot.domain.errors import Rejected
from bot.domain.jobs import Job, JobId
from bot.domain.limits import DRAW_SEED, Limits
from bot.domain.requests import Aspect, Draft, GenerationRequest
from bot.messages.catalogs import Catalog
from bot.services.follow_up import RemixChanges
from bot.services.parsing import parse_number, parse_whole_number
from bot.services.validation import check_numbers

_LONGEST_TEXT_CHARS: Final = 4000
_LONGEST_NUMBER_CHARS: Final = 20
_KEEP: Final = "keep"

PROMPT: Final = "prompt"
OTHER_PROMPT: Final = "other_prompt"
"""The field in place of `PROMPT` for a prompt longer than a form can hold: left empty, it stays as it is."""
SEED, ASPECT, STEPS, GUIDANCE = "seed", "aspect", "steps", "guidance"


def draw_remix(
    job: Job, index: int, catalog: Catalog, limits: Limits, typed: Mapping[str, str] | None = None
) -> ui.Modal:
    """The form for one picture of a job, filled in as it was asked for, or as it was `typed` a moment ago."""
    request = job.request
    values = _stored(request, index) if typed is None else typed
    form = ui.Modal(title=catalog.text("form-remix"), custom_id=remix_id(job.id, index), timeout=None)
    form.add_item(_prompt(values, catalog))
    form.add_item(_line(SEED, values, catalog, hint=catalog.text("form-seed-hint")))
    form.add_item(_aspect(request, values, catalog))
    form.add_item(_line(STEPS, values, catalog, hint=catalog.text("form-steps-hint", high=limits.max_steps)))
    low, high = limits.min_guidance, limits.max_guidance
    form.add_item(_line(GUIDANCE, values, catalog, hint=catalog.text("form-guidance-hint", low=low, high=high)))
    # Answered by its id: discord.py need not remember it, so a restart in between does no harm.
    form.stop()
    return form


def remix_id(job_id: JobId, index: int) -> str:
    """The form's id, and that of the buttons which open it."""
    return f"uso:{ResultAction.REMIX.value}:{job_id}:{index}"


def read_remix(filled: Filled, limits: Limits) -> tuple[RemixChanges, tuple[Rejected, ...]]:
    """The changes, and one refusal for each field that can not be used as it is."""
    faults: list[Rejected] = []

    def checked(draft: Callable[[], Draft]) -> Draft:
        try:
            made = draft()
            check_numbers(made, limits)
        except Rejected as rejected:
            faults.append(rejected)
            return Draft()
        return made

    texts = filled.texts
    prompt = texts[PROMPT] if PROMPT in texts else texts.get(OTHER_PROMPT) or None
    # Whether a prompt may be empty depends on the stored request; its length does not.
    checked(lambda: Draft(prompt=prompt or "-"))
    seed = texts.get(SEED, "").strip()
    changes = RemixChanges(
        prompt=prompt,
        seed=checked(lambda: Draft("-", seed=parse_whole_number(SEED, seed) if seed else DRAW_SEED)).seed,
        aspect=_chosen_aspect(filled),
        steps=checked(lambda: Draft("-", steps=parse_whole_number(STEPS, texts.get(STEPS, "")))).steps,
        guidance=checked(lambda: Draft("-", guidance=parse_number(GUIDANCE, texts.get(GUIDANCE, "")))).guidance,
    )
    return changes, tuple(faults)


def _stored(request: GenerationRequest, index: int) -> dict[str, str]:
    seed, _ = request.seeds_of(index)
    fits = len(request.prompt) <= _LONGEST_TEXT_CHARS
    return {
        **({PROMPT: request.prompt} if fits else {OTHER_PROMPT: ""}),
        SEED: str(seed),
        STEPS: str(request.steps),
        GUIDANCE: f"{request.guidance:g}",
    }


def _chosen_aspect(filled: Filled) -> str | None:
    chosen = filled.choice(ASPECT)
    return None if chosen == _KEEP else chosen


def _prompt(values: Mapping[str, str], catalog: Catalog) -> ui.Label[ui.Modal]:
    is_kept = PROMPT not in values
    name = OTHER_PROMPT if is_kept else PROMPT
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=name,
        style=TextStyle.paragraph,
        default=values[name] or None,
        required=False,
        max_length=_LONGEST_TEXT_CHARS,
    )
    hint = catalog.text("form-long-prompt-hint") if is_kept else None
    return ui.Label(text=catalog.text("label-prompt"), description=hint, component=field)


def _line(name: str, values: Mapping[str, str], catalog: Catalog, *, hint: str) -> ui.Label[ui.Modal]:
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=name,
        default=values.get(name) or None,
        required=name != SEED,
        max_length=_LONGEST_NUMBER_CHARS,
    )
    return ui.Label(text=catalog.text(f"label-{name}"), description=hint, component=field)


def _aspect(request: GenerationRequest, values: Mapping[str, str], catalog: Catalog) -> ui.Label[ui.Modal]:
    chosen = values.get(ASPECT, _KEEP)
    kept = catalog.text("form-keep-size", width=request.width, height=request.height)
    options = [SelectOption(label=kept, value=_KEEP, default=chosen == _KEEP)]
    for aspect in Aspect:
        label = catalog.text(f"discord-aspect-{aspect.name.lower().replace('_', '-')}")
        options.append(SelectOption(label=label, value=aspect.value, default=chosen == aspect.value))
    select: ui.Select[ui.Modal] = ui.Select(custom_id=ASPECT, options=options, required=False)
    return ui.Label(text=catalog.text("label-aspect"), component=select)
