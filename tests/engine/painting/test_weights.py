"""Facts about engine/painting/weights.py."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engine.errors import WeightsMissing
from engine.painting.discriminator import Discriminator
from engine.painting.weights import load_generator, load_weights, save_generator, save_weights, training_facts
from tests.engine.painting.test_generator import SMALL, make_generator


def test_weights_come_back_as_they_were_saved_to_bfloat16(tmp_path: Path) -> None:
    generator = make_generator()
    save_generator(generator, tmp_path / "w.safetensors", {"steps": "12"})
    loaded = load_generator(tmp_path / "w.safetensors")
    assert loaded.config == SMALL
    for name, value in loaded.state_dict().items():
        assert torch.equal(value, generator.state_dict()[name].bfloat16().float())


def test_the_file_tells_how_it_was_trained(tmp_path: Path) -> None:
    save_generator(make_generator(), tmp_path / "w.safetensors", {"steps": "12"})
    assert training_facts(tmp_path / "w.safetensors") == {"steps": "12"}


@pytest.mark.parametrize("content", [None, b"", b"not weights at all", b"\x08\0\0\0\0\0\0\0{}      "])
def test_an_absent_or_damaged_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "w.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WeightsMissing, match=r"w\.safetensors"):
        load_generator(path)


def test_weights_of_another_shape_are_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_file({"x": torch.zeros(1)}, path, {"config": '{"styles": ["ink"]}'})
    with pytest.raises(WeightsMissing) as refusal:
        load_generator(path)
    assert str(refusal.value) == (
        f"The weights in {path} cannot be used (they were made for another generator);"
        " put the shipped file back, or train new ones with easel train."
    )


def test_a_discriminator_comes_back_with_its_projections(tmp_path: Path) -> None:
    one, other = Discriminator(2), Discriminator(2)
    save_weights(one, tmp_path / "d.safetensors", {})
    load_weights(other, tmp_path / "d.safetensors")
    for name, value in other.state_dict().items():
        assert torch.equal(value, one.state_dict()[name].bfloat16().float()), name


def test_a_discriminator_of_other_styles_is_refused(tmp_path: Path) -> None:
    save_weights(Discriminator(2), tmp_path / "d.safetensors", {})
    with pytest.raises(WeightsMissing, match=r"d\.safetensors"):
        load_weights(Discriminator(3), tmp_path / "d.safetensors")
