"""Drawing in the engine process: a task as the pipeline takes it, told step by step, and smaller if it has to be."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

from adapters.engine import wire
from adapters.engine.enlarging import open_picture
from adapters.engine.sizes import scaled_side, shrunk_size
from uso.params import GenerationParams, validate
from uso.preprocess import content_reference_size, kept_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from adapters.engine.painting import Tell
    from uso.pipeline import UsoPipeline
    from uso.progress import StepInfo

_PREVIEW_SIDE_PX: Final = 256
_PREVIEW_QUALITY: Final = 80


@dataclass(frozen=True, slots=True)
class Drawing:
    """A task with its pictures opened; a model of `native_side_px` draws that many pixels where 1024 are asked."""

    task: wire.Draw
    subject: Image.Image | None
    styles: tuple[Image.Image, ...]
    native_side_px: int | None

    @classmethod
    def open(cls, task: wire.Draw, native_side_px: int | None) -> Self:
        """Open the pictures; raises `InvalidRequest`, and one of `enlarging.UNREADABLE` for what is no picture."""
        subject = open_picture(task.subject) if task.subject is not None else None
        styles = tuple(open_picture(style) for style in task.styles)
        drawing = cls(task, subject, styles, native_side_px)
        validate(drawing.asked, subject is not None, len(styles))
        return drawing

    @property
    def asked(self) -> GenerationParams:
        """What is asked for."""
        task = self.task
        return GenerationParams(
            prompt=task.prompt,
            width=task.width,
            height=task.height,
            keep_size=task.keep_size,
            steps=task.steps,
            guidance=task.guidance,
            content_size=task.subject_size,
            seed=task.seed,
            variation_seed=task.variation_seed,
            variation_strength=task.variation_strength,
        )

    @property
    def shrunk(self) -> GenerationParams | None:
        """The same at the next smaller size, None if there is none; raises `InvalidRequest`."""
        settled = settled_params(self.asked, self._subject_size)
        size = shrunk_size(settled.width, settled.height)
        return None if size is None else replace(settled, width=size[0], height=size[1])

    def draw(
        self, params: GenerationParams, pipeline: UsoPipeline, *, tell: Tell, should_stop: Callable[[], bool]
    ) -> wire.Drawn:
        """Draw with these parameters, which are `asked` or `shrunk`; raises what the pipeline raises."""
        number, preview_every = self.task.number, self.task.preview_every
        native = self.native_side_px
        fitted = params if native is None else scaled_params(params, self._subject_size, native)

        def on_step(step: StepInfo) -> None:
            is_due = preview_every > 0 and step.step % preview_every == 0 and step.step < step.steps
            preview = preview_jpeg(step) if is_due else None
            tell(wire.Stepped(number, step.step, step.steps, step.elapsed_s, preview))

        output = pipeline(fitted, content=self.subject, styles=self.styles, on_step=on_step, should_stop=should_stop)
        picture = output.image.convert("RGB")
        return wire.Drawn(
            number,
            *picture.size,
            rgb=picture.tobytes(),
            duration_s=output.timings_s["total"],
            shrunk_to=None if params == self.asked else (params.width, params.height),
        )

    @property
    def _subject_size(self) -> tuple[int, int] | None:
        return self.subject.size if self.subject is not None else None


def settled_params(params: GenerationParams, subject_size: tuple[int, int] | None) -> GenerationParams:
    """The same request with the size that it comes out at; raises `InvalidRequest` where there is none."""
    if not params.keep_size or subject_size is None:
        return params
    encoded = content_reference_size(*subject_size, params.content_size_px)
    width, height = kept_size(*encoded, params.content_size_px)
    return replace(params, width=width, height=height, keep_size=False)


def scaled_params(
    params: GenerationParams, subject_size: tuple[int, int] | None, native_side_px: int
) -> GenerationParams:
    """The same request at a toy's size; raises `InvalidRequest` where the full model would."""
    # Kept sizes come out at about 1024 whatever the subject's size, so they are settled here, then scaled.
    settled = settled_params(params, subject_size)
    return replace(
        settled,
        width=scaled_side(settled.width, native_side_px),
        height=scaled_side(settled.height, native_side_px),
        keep_size=False,
        content_size=scaled_side(settled.content_size, native_side_px),
    )


def preview_jpeg(step: StepInfo) -> bytes:
    """The picture as it stands at a step, as a small JPEG."""
    file = io.BytesIO()
    step.preview(_PREVIEW_SIDE_PX).convert("RGB").save(file, "JPEG", quality=_PREVIEW_QUALITY)
    return file.getvalue()
