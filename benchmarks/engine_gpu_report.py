"""What `engine_gpu` measured, what follows from it, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import median
from types import SimpleNamespace
from typing import Any, Final

from benchmarks.engine_cases import TEXT_TOKENS, Case, floor_cases
from benchmarks.engine_figures import Spread, Verdict, verdict_table
from benchmarks.engine_gpu_plan import BF16, CAP_BYTES, MAIN_CASE, PUBLISHED, QUALITY, SETUPS, Plan
from benchmarks.engine_work import step_flops
from benchmarks.machine import Facts, facts_as_markdown
from benchmarks.plots import Bar, bar_plot
from benchmarks.random_weights import Size

_GIB: Final = 2**30
_NUMBER_FORMATS: Final = {
    "quality": "float8",
    "fast": "float8",
    "int8": "int8",
    "low-memory": "int8",
    "cpu": "float32",
    "bf16": "bfloat16",
    "published": "bfloat16",
}
_LEAST_SHARE: Final = 0.6
_LEAST_FP8_GAIN: Final = 1.5
_LEAST_GAIN: Final = 2.0


@dataclass(frozen=True, slots=True)
class Card:
    """A CUDA card."""

    name: str
    capability: tuple[int, int]
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures, by set-up; those in `skipped` have a reason instead."""

    size: Size
    device: str
    card: Card | None
    plan: Plan
    rates: Mapping[str, float]
    setups: Mapping[str, Mapping[str, Any]]
    skipped: Mapping[str, str]

    @property
    def is_real(self) -> bool:
        """Whether it is what has to hold: the full size on a card."""
        return self.card is not None and self.size is Size.FULL

    def step_s(self, title: str, case: str = MAIN_CASE) -> float | None:
        """Median seconds of a step."""
        setup = self.setups.get(title)
        return median(setup["cases"][case]["step_s"]) if setup is not None else None

    def share(self, title: str, case: Case) -> float | None:
        """The part of the device's measured matrix rate that a step reaches, in the set-up's number format."""
        rate = self.rates.get(_number_format(title))
        seconds, flops = self.step_s(title, case.name), self.flops(case)
        return flops / seconds / rate if rate and seconds and flops else None

    def flops(self, case: Case) -> int | None:
        """Of one step."""
        configs = [setup["config"] for setup in self.setups.values() if setup["config"] is not None]
        if not configs:
            return None
        style_tokens = 192 if self.size is Size.FULL else 12
        image = case.width * case.height // 256 + case.content_tokens
        return step_flops(SimpleNamespace(**configs[0]), TEXT_TOKENS + case.styles * style_tokens, image)


def _number_format(title: str) -> str:
    return _NUMBER_FORMATS[next(setup.profile for setup in SETUPS if setup.title == title)]


def verdicts(measured: Measured) -> list[Verdict]:
    """What has to hold on a GPU; nothing of it is measured without one."""
    main = next(case for case in floor_cases(measured.plan.side_px, 1) if case.name == MAIN_CASE)
    quality, bf16, published = (_picture_s(measured, title) for title in (QUALITY, BF16, PUBLISHED))
    steps = measured.step_s(BF16), measured.step_s(QUALITY)
    gain = steps[0] / steps[1] if steps[0] and steps[1] else None
    best = min((seconds for seconds in (quality, bf16) if seconds), default=None)
    ahead = published / best if published and best else None
    peak, share = _peak(measured, QUALITY), measured.share(BF16, main)
    return [
        _verdict(measured, f"bf16 compiled: {_LEAST_SHARE:.0%} of the measured bf16 rate", share, _LEAST_SHARE),
        _verdict(measured, f"fp8: {_LEAST_FP8_GAIN} times as fast as bf16 compiled", gain, _LEAST_FP8_GAIN),
        _verdict(measured, "a picture: 2 times as fast as the published code", ahead, _LEAST_GAIN),
        Verdict(
            "peak under 22.5 GiB in `quality`",
            peak < CAP_BYTES if measured.is_real and peak is not None else None,
            f"{peak / _GIB:.1f} GiB reserved" if measured.is_real and peak is not None else _why_not(measured),
        ),
    ]


def _verdict(measured: Measured, what: str, value: float | None, least: float) -> Verdict:
    if not measured.is_real or value is None:
        return Verdict(what, None, _why_not(measured))
    return Verdict(what, value >= least, f"{value:.2f}")


def _why_not(measured: Measured) -> str:
    if measured.card is None:
        return "no GPU"
    return "toy size" if measured.size is Size.TOY else "a set-up that it needs was skipped, see below"


def _picture_s(measured: Measured, title: str) -> float | None:
    setup = measured.setups.get(title)
    return median(setup["cases"][MAIN_CASE]["picture_s"]) if setup is not None else None


def _peak(measured: Measured, title: str) -> int | None:
    setup = measured.setups.get(title)
    if setup is None:
        return None
    peaks = [case["peak_reserved_bytes"] for case in setup["cases"].values()]
    return max(peaks) if None not in peaks else None


def as_markdown(measured: Measured, facts: Facts) -> str:
    """The verdicts, then all figures as tables."""
    where = measured.card.name if measured.card is not None else "a processor"
    warning = (
        []
        if measured.is_real
        else [
            f"**No GPU figures: this is the {measured.size} model on {where}.** The same code as on a card was run, to "
            "show that it works; its milliseconds say nothing of the real model, and nothing below is a claim about a "
            "card.",
            "",
        ]
    )
    plan = measured.plan
    return "\n".join(
        [
            f"# The engine at {measured.size} size on {where}",
            "",
            *warning,
            *verdict_table(verdicts(measured)),
            "",
            f"Random weights, {plan.side_px}x{plan.side_px}, {plan.steps} steps, median of {plan.repeats}; the set-ups "
            f"under a cap of {CAP_BYTES / _GIB:.1f} GiB once loaded, where the table says so.",
            "",
            *_rates(measured),
            *_cases(measured),
            *_setups(measured),
            *_skipped(measured),
            "The first-block cache leaves out steps by how much the picture changes, which with random weights is "
            "chance: what `fast` gains over `quality` here is not what it gains on a real model.",
            "",
            "To measure: `make bench PEER=DIR`, or only this with `python -m benchmarks.engine_gpu --peer DIR`, on a "
            "machine with a CUDA card and nothing else on it.",
            "",
            *facts_as_markdown(facts),
            "",
        ]
    )


def _rates(measured: Measured) -> list[str]:
    told = ", ".join(f"{name} {rate / 1e12:.1f}" for name, rate in measured.rates.items())
    return [f"Matrix rate of large square products, TFLOP/s, measured here: {told}.", ""]


def _cases(measured: Measured) -> list[str]:
    rows = []
    for case in floor_cases(measured.plan.side_px, measured.plan.steps):
        flops = measured.flops(case)
        for title, setup in measured.setups.items():
            if (one := setup["cases"].get(case.name)) is None:
                continue
            share = measured.share(title, case)
            step, picture = (Spread.of([1000 * value for value in one[name]]) for name in ("step_s", "picture_s"))
            rows.append(
                f"| {case.name} | {title} | {step.median:.1f} | {picture.median:.0f} "
                f"| {flops / 1e12 if flops else 0:.3g} | {f'{share:.0%}' if share is not None else '–'} "
                f"| {_gib(one['peak_allocated_bytes'])} | {_gib(one['peak_reserved_bytes'])} |"
            )
    return [
        "## Steps and pictures",
        "",
        "The share is of the matrix rate in the same number format.",
        "",
        "| case | set-up | ms a step | ms a picture | TFLOP a step | share of rate | peak allocated, GiB | reserved |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        "![Milliseconds a step](engine_gpu.svg)",
        "",
    ]


def _setups(measured: Measured) -> list[str]:
    rows = []
    for title, setup in measured.setups.items():
        counts, previews = setup["counts"], setup.get("previews")
        ratio = str(Spread.of_ratio(previews["with_s"], previews["without_s"])) if previews is not None else "–"
        quantized = sum(counts.get("quantized_layers", {}).values()) if counts else 0
        graphs = f"{counts['graphs']}, {counts['recompiles']}" if counts else "–"
        warm = median(setup["cases"][MAIN_CASE]["picture_s"])
        rows.append(
            f"| {title} | {'yes' if setup['is_capped'] else 'no'} | {setup['load_s']:.1f} "
            f"| {setup['cold']['total_s']:.2f} | {_seconds(setup.get('second_cold'), 'total_s')} | {warm:.2f} "
            f"| {_seconds(setup.get('four'), 'first_s')}, {_seconds(setup.get('four'), 'all_s')} "
            f"| {ratio} | {quantized} | {graphs} | {_soak(setup.get('soak'))} |"
        )
    return [
        "## Set-ups",
        "",
        f"Of {MAIN_CASE}. Cold is the first picture of the process, compiling included; recompiles are graphs after "
        "every case of the table was there once, through other sizes and the soak.",
        "",
        "| set-up | capped | filled and made ready, s | cold picture, s | cold at the second start | warm, s "
        "| first, all of four, s | steps with previews by without "
        "| quantized layers | graphs, recompiles | reserved in the soak, GiB |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def _skipped(measured: Measured) -> list[str]:
    rows = [f"| {title} | {reason} |" for title, reason in measured.skipped.items()]
    return ["## Skipped", "", "| set-up | because it |", "|---|---|", *rows, ""] if rows else []


def _seconds(times: Mapping[str, float] | None, stage: str) -> str:
    return f"{times[stage]:.2f}" if times is not None else "–"


def _soak(soak: Mapping[str, Any] | None) -> str:
    return f"{_gib(soak['start_bytes'])} to {_gib(soak['end_bytes'])}" if soak is not None else "–"


def _gib(value: int | None) -> str:
    return f"{value / _GIB:.2f}" if value is not None else "–"


def as_data(measured: Measured, facts: Facts) -> dict[str, Any]:
    """The same for programs."""
    return {"verdicts": [asdict(verdict) for verdict in verdicts(measured)], **asdict(measured), "machine": facts}


def plot_of(measured: Measured) -> str:
    """Milliseconds a step by set-up, as SVG."""
    bars = []
    for title, setup in measured.setups.items():
        step = Spread.of([1000 * seconds for seconds in setup["cases"][MAIN_CASE]["step_s"]])
        bars.append(Bar(title, step.median, step.low, step.high))
    where = measured.card.name if measured.card is not None else "a processor"
    return bar_plot(f"{MAIN_CASE}, {measured.size} size on {where}", "ms a step", bars)
