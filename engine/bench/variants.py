"""The shipped generator in several forms: eager, compiled, and exported to ONNX Runtime."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.bench.timed_process import Work
from engine.composer import compose
from engine.conditions import Conditions
from engine.painting.encoding import finish
from engine.painting.painter import GanPainter
from engine.painting.tensors import seeded_noise, to_tensor
from engine.painting.weights import load_generator
from engine.workers.worker import load_shipped, paint_with


def painting(conditions: Conditions, threads: int) -> Work:
    """Paint a layout, from pixels to pixels, as a worker does."""
    painter, layout = load_shipped("cpu", threads), compose(conditions)
    return lambda: painter.paint([layout], [conditions])


def forward_and_encode(conditions: Conditions, threads: int) -> Work:
    """Run the generator alone on ready tensors, then encode: the least that a picture can take."""
    painter, inputs = _ready(conditions, threads)
    [painting] = painter.paint([compose(conditions)], [conditions])

    @torch.inference_mode()
    def work() -> object:
        painter.generator(*inputs)
        return finish(painting, conditions)

    return work


def loop(pictures: tuple[Conditions, ...], media_type: str, threads: int) -> Work:
    """Compose, paint and encode one picture after the other, as a worker without a queue."""
    painter = load_shipped("cpu", threads)
    return lambda: [len(paint_with(painter, each, media_type).data) for each in pictures]


def eager(conditions: Conditions, threads: int) -> Work:
    """Run the generator as PyTorch runs it by default."""
    painter, inputs = _ready(conditions, threads)
    return torch.inference_mode()(lambda: painter.generator(*inputs))


def compiled(conditions: Conditions, threads: int) -> Work:
    """Run the generator by torch.compile, with frozen weights. Needs a C++ compiler."""
    from torch._inductor import config

    painter, inputs = _ready(conditions, threads)
    config.freezing = True
    run = torch.compile(painter.generator)
    return torch.inference_mode()(lambda: run(*inputs))


def exported(conditions: Conditions, threads: int) -> Work:
    """Run the generator in ONNX Runtime, which computes in float32 on CPUs. Raises ModuleNotFoundError."""
    import onnxruntime

    generator = load_generator().requires_grad_(False)
    inputs = _inputs(GanPainter(load_generator()), conditions)
    program = torch.onnx.export(generator, inputs, dynamo=True, verbose=False, external_data=False)
    if program is None:
        raise RuntimeError("torch.onnx.export made no program")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        program.model_proto.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    feeds = {given.name: tensor.numpy() for given, tensor in zip(session.get_inputs(), inputs, strict=True)}
    return lambda: session.run(None, feeds)


def _ready(conditions: Conditions, threads: int) -> tuple[GanPainter, tuple[Tensor, Tensor, Tensor]]:
    torch.set_num_threads(threads)
    painter = GanPainter(load_generator())
    return painter, _inputs(painter, conditions)


def _inputs(painter: GanPainter, conditions: Conditions) -> tuple[Tensor, Tensor, Tensor]:
    """Return the generator's inputs: layout, mix of styles, noise."""
    image = compose(conditions).image
    noise = seeded_noise(conditions.seed, *image.shape[:2])
    return to_tensor(image[None]), painter.mix(conditions.style), noise
