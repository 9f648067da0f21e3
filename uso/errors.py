"""What can go wrong in the model, as data: the caller chooses the words people read."""

from __future__ import annotations

from enum import Enum


class UsoError(Exception):
    """Anything this package raises on purpose."""


class WeightsProblem(Enum):
    """The kinds of fault a weights folder can have."""

    FILE_MISSING = "file missing"
    FILE_DAMAGED = "file damaged"
    TENSOR_MISSING = "tensor missing"
    TENSOR_UNEXPECTED = "tensor unexpected"
    TENSOR_MISSHAPEN = "tensor misshapen"
    CONFIG_UNUSABLE = "config unusable"


class WeightsError(UsoError):
    """A weights folder does not hold what the model needs.

    `file` is the path as it was opened, `tensor` the name inside it (None when the file itself is at fault).
    """

    def __init__(self, problem: WeightsProblem, file: str, tensor: str | None = None, detail: str = "") -> None:
        self.problem = problem
        self.file = file
        self.tensor = tensor
        self.detail = detail
        subject = f"{tensor} in {file}" if tensor is not None else file
        super().__init__(f"{problem.value}: {subject}{f' ({detail})' if detail else ''}")

    def __reduce__(self) -> tuple[object, ...]:
        return (WeightsError, (self.problem, self.file, self.tensor, self.detail))


class InvalidReason(Enum):
    """Why a request cannot be served; one member for each sentence of `InvalidRequest`."""

    EMPTY_PROMPT = "empty_prompt"
    SIZE = "size"
    STEPS = "steps"
    GUIDANCE = "guidance"
    CONTENT_SIZE = "content_size"
    CONTENT_SHAPE = "content_shape"
    KEEP_SIZE_WITHOUT_CONTENT = "keep_size_without_content"
    KEEP_SIZE_SHAPE = "keep_size_shape"
    TOO_MANY_STYLES = "too_many_styles"
    SEED = "seed"
    VARIATION = "variation"


class InvalidRequest(UsoError):  # noqa: N818  # it reads as what it is, a request
    """The request cannot be served as it is; `str()` is one clear English sentence."""

    def __init__(self, reason: InvalidReason, sentence: str) -> None:
        self.reason = reason
        self.sentence = sentence
        super().__init__(sentence)

    def __reduce__(self) -> tuple[object, ...]:
        return (InvalidRequest, (self.reason, self.sentence))


class ProfileProblem(Enum):
    """Why a precision profile is not in use."""

    UNKNOWN = "unknown"
    WRONG_DEVICE = "wrong device"
    CAPABILITY = "capability"
    MEMORY = "memory"
    NOT_QUANTIZED = "not quantized"


class ProfileError(UsoError):
    """A precision profile cannot be had, or did less than it says; `str()` is one clear English sentence."""

    def __init__(self, problem: ProfileProblem, profile: str, sentence: str) -> None:
        self.problem = problem
        self.profile = profile
        self.sentence = sentence
        super().__init__(sentence)

    def __reduce__(self) -> tuple[object, ...]:
        return (ProfileError, (self.problem, self.profile, self.sentence))


class GenerationStopped(UsoError):  # noqa: N818  # stopping is no error
    """The caller asked to stop; no picture was decoded. `steps_done` of `steps` were finished."""

    def __init__(self, steps_done: int, steps: int) -> None:
        self.steps_done = steps_done
        self.steps = steps
        super().__init__(f"stopped after {steps_done} of {steps} steps")

    def __reduce__(self) -> tuple[object, ...]:
        return (GenerationStopped, (self.steps_done, self.steps))
