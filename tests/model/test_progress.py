"""Steps are told one by one with a look at the picture; a stop takes effect within one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from uso import GenerationParams, GenerationStopped, InvalidRequest, Mode, StepInfo, UsoPipeline
from uso.schedule import build_scheduler, set_sigmas


class DecodeCounter:
    def __init__(self, pipeline: UsoPipeline) -> None:
        self.decodes = 0
        self.hook = pipeline.vae.decoder.register_forward_hook(self._count)

    def _count(self, *_: object) -> None:
        self.decodes += 1


def test_every_step_is_told(pipeline: UsoPipeline, small: GenerationParams) -> None:
    steps: list[StepInfo] = []
    pipeline(small, on_step=steps.append)
    assert [info.step for info in steps] == [1, 2, 3]
    assert {info.steps for info in steps} == {3}
    assert [info.sigma for info in steps] == set_sigmas(build_scheduler(), 3, small.width, small.height)[:-1]
    elapsed = [info.elapsed_s for info in steps]
    assert elapsed == sorted(elapsed)
    assert elapsed[0] > 0


@pytest.mark.parametrize(("limit", "size"), [(48, (32, 48)), (96, (64, 96)), (1000, (64, 96)), (7, (5, 7))])
def test_preview_fits_its_limit_and_never_exceeds_the_picture(
    pipeline: UsoPipeline, small: GenerationParams, limit: int, size: tuple[int, int]
) -> None:
    previews: list[Image.Image] = []
    pipeline(small, on_step=lambda info: previews.append(info.preview(limit)))
    assert [preview.size for preview in previews] == [size] * 3
    assert {preview.mode for preview in previews} == {"RGB"}


def test_last_preview_resembles_the_picture(toy_weights: object, small: GenerationParams) -> None:
    """The map was fitted to this VAE, so its colours go with those of the decoded picture."""
    toy = UsoPipeline.from_weights(str(toy_weights))
    previews: list[Image.Image] = []
    params = replace(small, width=128, height=128, steps=8)
    output = toy(params, on_step=lambda info: previews.append(info.preview(128)))
    preview = np.asarray(previews[-1].resize((8, 8), Image.Resampling.BOX), dtype=float).ravel()
    picture = np.asarray(output.image.resize((8, 8), Image.Resampling.BOX), dtype=float).ravel()
    assert np.corrcoef(preview, picture)[0, 1] > 0.5


def test_a_preview_can_be_drawn_after_the_run(pipeline: UsoPipeline, small: GenerationParams) -> None:
    steps: list[StepInfo] = []
    pipeline(small, on_step=steps.append)
    late = [info.preview(96).tobytes() for info in steps]
    now: list[bytes] = []
    pipeline(small, on_step=lambda info: now.append(info.preview(96).tobytes()))
    assert late == now
    assert len(set(now)) == 3


@pytest.mark.parametrize("after", [0, 1, 2])
def test_stop_takes_effect_within_one_step_and_skips_the_decode(
    fresh_pipeline: UsoPipeline, small: GenerationParams, after: int
) -> None:
    counter, steps = DecodeCounter(fresh_pipeline), list[StepInfo]()
    with pytest.raises(GenerationStopped) as caught:
        fresh_pipeline(small, on_step=steps.append, should_stop=lambda: len(steps) > after)
    assert len(steps) == after + 1
    assert (caught.value.steps_done, caught.value.steps) == (after + 1, 3)
    assert counter.decodes == 0


def test_stop_before_the_first_step(fresh_pipeline: UsoPipeline, small: GenerationParams) -> None:
    counter, steps = DecodeCounter(fresh_pipeline), list[StepInfo]()
    with pytest.raises(GenerationStopped):
        fresh_pipeline(small, on_step=steps.append, should_stop=lambda: True)
    assert not steps
    assert counter.decodes == 0


def test_the_pipeline_works_on_after_a_stop_and_after_a_raising_callback(
    fresh_pipeline: UsoPipeline, small: GenerationParams
) -> None:
    def fail(_: StepInfo) -> None:
        raise KeyError("the listener's own")

    expected = fresh_pipeline(small).image.tobytes()
    with pytest.raises(GenerationStopped):
        fresh_pipeline(small, should_stop=_true_after(3))
    with pytest.raises(KeyError):
        fresh_pipeline(small, on_step=fail)
    assert fresh_pipeline(small).image.tobytes() == expected


def _true_after(questions: int) -> Callable[[], bool]:
    asked = iter(range(1000))
    return lambda: next(asked) >= questions


def test_output_says_what_was_made(
    pipeline: UsoPipeline, small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    params = replace(small, prompt="", keep_size=True, content_size=64, steps=1)
    output = pipeline(params, content=pictures["content_tall"], styles=[pictures["style_1"]])
    assert output.mode is Mode.STYLE_SUBJECT_PRESERVED
    assert output.image.size == (output.params_used.width, output.params_used.height)
    assert max(output.image.size) == 1024
    assert output.params_used == replace(params, width=output.image.width, height=output.image.height)
    assert output.model_revision == pipeline.model_revision
    assert set(output.timings_s) == {"encode", "denoise", "decode", "total"}
    parts = sum(output.timings_s[name] for name in ("encode", "denoise", "decode"))
    assert output.timings_s["total"] == pytest.approx(parts)


def test_bad_requests_are_refused_before_any_work(fresh_pipeline: UsoPipeline, small: GenerationParams) -> None:
    worked: list[object] = []
    fresh_pipeline.text_encoder_2.register_forward_hook(lambda *_: worked.append(1))
    with pytest.raises(InvalidRequest):
        fresh_pipeline(replace(small, guidance=float("nan")))
    with pytest.raises(InvalidRequest):
        fresh_pipeline(small, content=Image.new("RGB", (4000, 3)))
    assert not worked
