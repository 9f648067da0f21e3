"""What `engine_cpu` measured, what follows from it, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from benchmarks.engine_arm_process import ArmName
from benchmarks.engine_cases import Case
from benchmarks.engine_figures import Spread, Verdict, calls_as_text, verdict_table
from benchmarks.machine import Facts, facts_as_markdown
from benchmarks.plots import Bar, bar_plot

TOLERANCE: Final = 1e-5
_MIB: Final = 2**20
_STAGES: Final = {"encode_s": "encode", "denoise_s": "all steps", "decode_s": "decode", "total_s": "picture"}
_TITLES: Final = {
    ArmName.PUBLISHED: "published USO code",
    ArmName.DIFFUSERS: "plain diffusers FLUX",
    ArmName.OURS: "this project",
}
_OTHERS: Final = (ArmName.PUBLISHED, ArmName.DIFFUSERS)

Calls = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """The times of all arms for one case, one right after the other: seconds by stage."""

    case: str
    times: Mapping[ArmName, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures; an arm that is not in `counts` was not given."""

    cases: tuple[Case, ...]
    departures: Mapping[ArmName, tuple[str, ...]]
    differences: Mapping[str, Mapping[str, float]]
    counts: Mapping[ArmName, Mapping[str, Calls]]
    known_counts: Mapping[str, Calls]
    turns: tuple[Turn, ...]
    preview_turns: tuple[tuple[float, float], ...]
    memory: Mapping[ArmName, Mapping[str, int]]
    flops: Mapping[ArmName, Mapping[str, int]]
    graphs: Mapping[ArmName, Mapping[str, Any]]

    def ratio(self, case: Case, other: ArmName, stage: str) -> Spread | None:
        """Our time by the other's; None where the other is missing or does different work in that stage."""
        if other not in self.counts:
            return None
        # For equal tokens plain diffusers draws a larger picture, which is more to decode and nothing to encode.
        if other is ArmName.DIFFUSERS and stage != "denoise_s" and (case.content_px or case.styles):
            return None
        turns = [turn.times for turn in self.turns if turn.case == case.name]
        return Spread.of_ratio([turn[ArmName.OURS][stage] for turn in turns], [turn[other][stage] for turn in turns])


def verdicts(measured: Measured) -> list[Verdict]:
    """What has to hold on a CPU."""
    return [
        _equality(measured, ArmName.PUBLISHED, "the same latents as the published code, to 1e-5"),
        _equality(measured, ArmName.DIFFUSERS, "the same latents as plain diffusers without pictures, to 1e-5"),
        _encoder_calls(measured),
        _speed(measured),
    ]


def _equality(measured: Measured, other: ArmName, what: str) -> Verdict:
    found = [
        difference
        for differences in measured.differences.values()
        for name, difference in differences.items()
        if name.startswith(other)
    ]
    if not found:
        return Verdict(what, None, "no checkout was given (`--peer DIR`)")
    return Verdict(what, max(found) <= TOLERANCE, f"largest difference {max(found):.1e} in {len(found)} comparisons")


def _encoder_calls(measured: Measured) -> Verdict:
    what = "every encoder runs once a picture and prompt, and not at all for known ones"
    wrong = []
    for case in measured.cases:
        expected = {"text_encoder": 1, "text_encoder_2": 1, "transformer": case.steps}
        if case.styles:
            expected |= {"image_encoder": case.styles, "style_projector": case.styles}
        if case.content_px:
            expected["vae"] = 1
        if measured.counts[ArmName.OURS][case.name] != expected:
            wrong.append(f"{case.name}: {calls_as_text(measured.counts[ArmName.OURS][case.name])}")
        if measured.known_counts[case.name] != {"transformer": case.steps}:
            wrong.append(f"{case.name}, known: {calls_as_text(measured.known_counts[case.name])}")
    return Verdict(what, not wrong, "; ".join(wrong) or f"counted in {len(measured.cases)} cases, cold and known")


def _speed(measured: Measured) -> Verdict:
    """Slower is who is slower in three of four turns."""
    compared = {
        f"{case.name}, all steps": measured.ratio(case, ArmName.DIFFUSERS, "denoise_s") for case in measured.cases
    }
    plain = measured.cases[0]
    compared[f"{plain.name}, picture"] = measured.ratio(plain, ArmName.DIFFUSERS, "total_s")
    ratios = {name: ratio for name, ratio in compared.items() if ratio is not None}
    slower = {name: ratio for name, ratio in ratios.items() if ratio.low > 1}
    medians = Spread.of([ratio.median for ratio in ratios.values()])
    because = "; ".join(f"{name}: {ratio}" for name, ratio in slower.items())
    return Verdict(
        "no slower than plain diffusers FLUX at equal tokens, within the spread",
        not slower,
        because or f"our time by theirs, medians of {len(ratios)} comparisons: {medians}",
    )


def as_markdown(measured: Measured, facts: Facts) -> str:
    """The verdicts, then all figures as tables."""
    size = f"{measured.cases[0].width}x{measured.cases[0].height}"
    repeats = len(measured.turns) // len(measured.cases)
    missing = (
        [] if ArmName.PUBLISHED in measured.counts else ["The published code was **not given** (`--peer DIR`).", ""]
    )
    return "\n".join(
        [
            "# The engine on a processor: published code, plain diffusers, this project",
            "",
            f"Toy model with random weights, {size}, {measured.cases[0].steps} steps, float32; the same weights and "
            f"inputs for all. Each arm is a process of its own; they took turns, {repeats} times. What is told of "
            "speed here is about overhead and about work done twice; what a card gains from compiling and from 8 bits "
            "cannot show.",
            "",
            *missing,
            *verdict_table(verdicts(measured)),
            "",
            *_times(measured),
            *_counts(measured),
            *_costs(measured),
            *_departures(measured),
            "To measure again: `make bench PEER=DIR`, or only this with `python -m benchmarks.engine_cpu --peer DIR`, "
            "DIR being a checkout of github.com/bytedance/USO. Nothing else should be running.",
            "",
            *facts_as_markdown(facts),
            "",
        ]
    )


def _times(measured: Measured) -> list[str]:
    rows = []
    for case in measured.cases:
        for stage, title in _STAGES.items():
            ratios = [measured.ratio(case, other, stage) for other in _OTHERS]
            own = [turn.times[ArmName.OURS][stage] * 1000 for turn in measured.turns if turn.case == case.name]
            cells = [str(ratio) if ratio is not None else "–" for ratio in ratios]
            rows.append(f"| {case.name} | {title} | {Spread.of(own).median:.0f} | {' | '.join(cells)} |")
    return [
        "## Times",
        "",
        "Our time divided by the other's in the same turn: median, quartiles in brackets; below 1 is faster. Seconds "
        "are the process's own processor time, which other work on the machine disturbs less than the clock on the "
        "wall. Without what earlier pictures left in caches. On a processor a subject picture is encoded in float64, "
        "once, so that it comes out the same everywhere.",
        "",
        "| case | stage | ours, ms | by the published code's | by plain diffusers' |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "![Our time by the others'](engine_cpu.svg)",
        "",
    ]


def _counts(measured: Measured) -> list[str]:
    rows = [
        f"| {case.name} | {_TITLES[name]} | {calls_as_text(by_case[case.name])} "
        f"| {measured.flops[name][case.name] / 1e9:.2f} |"
        for case in measured.cases
        for name, by_case in measured.counts.items()
    ]
    known = [
        f"| {name} | {_TITLES[ArmName.OURS]}, seen before | {calls_as_text(calls)} | – |"
        for name, calls in measured.known_counts.items()
    ]
    return [
        "## Calls and work of one picture",
        "",
        "Counted by hooks on the parts, and by `torch.utils.flop_counter`.",
        "",
        "| case | who | calls | GFLOP |",
        "|---|---|---|---|",
        *rows,
        *known,
        "",
    ]


def _costs(measured: Measured) -> list[str]:
    rows = []
    for name, memory in measured.memory.items():
        graphs = measured.graphs[name]
        told = f"{graphs['graphs']} | {graphs['recompiles']}" if graphs["is_compiled"] else "does not compile | –"
        loaded, peak = (memory[key] / _MIB for key in ("loaded_bytes", "peak_bytes"))
        rows.append(f"| {_TITLES[name]} | {loaded:.0f} | {peak:.0f} | {told} |")
    shapes = next(iter(measured.graphs.values()))["shapes"]
    preview = Spread.of_ratio(
        [with_it for _, with_it in measured.preview_turns], [bare for bare, _ in measured.preview_turns]
    )
    return [
        "## Memory, graphs, previews",
        "",
        f"Graphs and recompiles: blocks compiled with dynamic shapes, then {shapes} requests of all kinds and of two "
        "sizes; a recompile is a graph that comes after the first two requests.",
        "",
        "| who | loaded, MiB | peak, MiB | graphs | recompiles |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"Steps with a preview at every other one by steps without: {preview}. A toy's step is a thousandth of the "
        "real one, a preview of it is not.",
        "",
    ]


def _departures(measured: Measured) -> list[str]:
    sentences = [f"- {_TITLES[name]}: {text}" for name, texts in measured.departures.items() for text in texts]
    return ["## What was changed to compare them", "", *sentences, ""]


def as_data(measured: Measured, facts: Facts) -> dict[str, Any]:
    """The same for programs, every single time among it."""
    ratios = {
        case.name: {
            f"{other}, {stage}": asdict(ratio)
            for other in _OTHERS
            for stage in _STAGES
            if (ratio := measured.ratio(case, other, stage)) is not None
        }
        for case in measured.cases
    }
    found = [asdict(verdict) for verdict in verdicts(measured)]
    return {"verdicts": found, "ratios": ratios, **asdict(measured), "machine": facts}


def plot_of(measured: Measured) -> str:
    """The ratios as bars with their spread, as SVG."""
    bars = []
    for case in measured.cases:
        for other, stage in ((ArmName.PUBLISHED, "total_s"), (ArmName.DIFFUSERS, "denoise_s")):
            if (ratio := measured.ratio(case, other, stage)) is not None:
                label = f"{case.name}: {_STAGES[stage]}, by {_TITLES[other]}"
                bars.append(Bar(label, ratio.median, ratio.low, ratio.high))
    return bar_plot("Our time by the others'", "ratio with quartiles, below 1 is faster", bars)
