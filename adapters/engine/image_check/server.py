"""The process that looks at pictures: frames on standard input, one line of JSON for each on standard output.

A frame is its length (4 bytes, the most significant first) and an encoded picture. It ends with its input, so also
when the bot is killed.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import BinaryIO


def main() -> None:
    """Arguments: the folder of the classifier, then the labels to look for."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what libraries print is no answer
    folder, *labels = sys.argv[1:]
    # Imported here, so that what libraries print while they are imported goes where it should.
    from adapters.engine.image_check.classifier import Classifier  # noqa: PLC0415

    try:
        classifier = Classifier.load(Path(folder), labels)
    except Exception as error:  # whatever the library says of a broken file
        _answer(answers, {"broken": f"{type(error).__name__}: {error}"})
        return
    _answer(answers, {"ready": True})
    while (picture := _read(sys.stdin.buffer)) is not None:
        try:
            _answer(answers, {"probability": classifier.probability(picture)})
        except Exception as error:  # one picture that can not be read ends nothing
            _answer(answers, {"error": f"{type(error).__name__}: {error}"})


def _read(source: BinaryIO) -> bytes | None:
    head = source.read(4)
    return source.read(int.from_bytes(head, "big")) if len(head) == 4 else None


def _answer(answers: object, said: dict[str, object]) -> None:
    answers.write(json.dumps(said).encode() + b"\n")  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
