"""Facts about engine/training/seen_subjects.py."""

import numpy as np
import pytest
from PIL import Image

from engine.color.oklab import srgb_from_oklab
from engine.composing.subjects import cutout, load_subjects
from engine.layout import Pixels
from engine.training.measured_requests import measured_requests
from engine.training.seen_subjects import is_seen, load_classifier

CLASSES = {each.subject: each.classes for each in measured_requests()}


def on_paper(subject: str) -> Pixels:
    cut = cutout(load_subjects()[subject][0].file)
    pixels = srgb_from_oklab(cut.lab) * cut.alpha[..., None] + 235 * (1 - cut.alpha[..., None])
    side = max(pixels.shape[:2]) + 40
    paper = Image.new("RGB", (side, side), (235, 235, 235))
    paper.paste(Image.fromarray(pixels.astype(np.uint8)), (20, 20))
    return np.asarray(paper)


@pytest.mark.parametrize("subject", ["strawberry", "panda", "tiger"])
def test_a_clear_subject_is_seen_and_another_is_not(subject: str) -> None:
    classifier = load_classifier()
    assert is_seen(on_paper(subject), CLASSES[subject], classifier)
    assert not is_seen(on_paper(subject), CLASSES["train"], classifier)
