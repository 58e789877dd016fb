"""The hand in a layout: tones broken into patches, edges shaken, as each style would.

A painter whose layouts are taken from art sees patches of neighbouring tones everywhere, never an even
field; what a composer draws must have them too, or the painter finds nothing there to paint.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from engine.composing.fields import Field, Frame, resized
from engine.layout import Pixels
from engine.styles import Brushwork

RGB = tuple[int, int, int]
Tones = NDArray[np.float32]
"""(N, 3) levels of red, green and blue."""
CELLS = 160
"""Cells along the longer side of the grid that patches are made on: finer than the composition's own."""
SPAN = 2.0
"""Patches are told apart up to so many deviations either way."""
EVEN_LEVEL = 128
"""The level, of 0..255, that stands for no shift."""
EDGE = 0.02
"""Units from the border within which edges are shaken less, so that nothing is fetched from outside."""
SHAKES = 22
"""Bumps a unit along a shaken edge."""
SAMPLE = 64
"""Pixels a side of the copy in which the tones are found."""
ROUNDS = 2, 4
"""How often the tones are moved to the middle of their pixels, before and after the widest are parted."""
FURTHER = 2
"""Tones more for each color after the first."""


def broken(
    image: Image.Image,
    how: Brushwork,
    frame: Frame,
    rng: np.random.Generator,
    colors: int = 1,
    laid: Sequence[RGB] = (),
    bare: bool = False,
) -> Pixels:
    """The picture (H, W, 3) with its tones broken and its edges shaken.

    colors: how many were asked for; laid: the tones that it was drawn in
    bare: only what is painted is broken, and paper stays as it is
    """
    if how.steps:
        image = _in_patches(image, how, frame, rng, bare)
    if how.tones:
        image = reduced(image, how.tones + FURTHER * (colors - 1), laid)
    if not how.shake:
        return np.asarray(image, np.uint8)
    pixels = np.ascontiguousarray(np.asarray(image.convert("RGBX"), np.uint8))
    whole = pixels.view(np.uint32).ravel()  # a pixel in one piece is moved once
    moved = Image.fromarray(whole[_shaken(how.shake, frame, rng)][..., None].view(np.uint8), "RGBX")
    return np.asarray(moved.convert("RGB"), np.uint8)


def reduced(image: Image.Image, count: int, laid: Sequence[RGB] = ()) -> Image.Image:
    """The picture in so many tones of its own, with hard edges, as a layout that is taken from art.

    By k-means that begins with the tones that were laid, which are the same at every size, and parts those
    that vary most: of a larger picture it finds the same tones, where a search that begins anywhere does not.
    """
    small = image.resize((SAMPLE, SAMPLE), Image.Resampling.BOX)
    pixels = np.asarray(small, np.float32).reshape(-1, 3)
    first = np.unique(np.array([*laid], np.float32), axis=0) if laid else pixels.mean(0)[None]
    shown = np.bincount(_nearest(pixels, first), minlength=len(first))
    tones = _settled(pixels, first[np.argsort(-shown, kind="stable")][:count], ROUNDS[0])
    tones = _settled(pixels, _parted(pixels, tones, count), ROUNDS[1])
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.clip(np.round(tones), 0, 255).astype(np.uint8).tobytes())
    return image.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")


def _nearest(pixels: Tones, tones: Tones) -> NDArray[np.intp]:
    """(N,): the place of the tone nearest to each pixel."""
    # Half the squared distance, less what is the same for all tones: no array of every difference is made.
    return np.asarray((np.square(tones).sum(1) / 2 - pixels @ tones.T).argmin(1))


def _settled(pixels: Tones, tones: Tones, rounds: int) -> Tones:
    """The tones in the middle of the pixels nearest to them; one that nothing is near to stays."""
    for _ in range(rounds):
        nearest = _nearest(pixels, tones)
        tones = np.array(
            [pixels[nearest == i].mean(0) if i in nearest else tones[i] for i in range(len(tones))]
        )
    return tones


def _parted(pixels: Tones, tones: Tones, count: int) -> Tones:
    """As many tones as `count`: that with the widest spread of pixels about it made two, again and again."""
    while len(tones) < count:
        nearest = _nearest(pixels, tones)
        spread = np.bincount(nearest, np.square(pixels - tones[nearest]).sum(1), len(tones))
        widest = int(spread.argmax())
        if spread[widest] == 0:
            break
        own = pixels[nearest == widest]
        step = _widest_way(own - own.mean(0))
        tones = np.concatenate([tones, [own.mean(0) + step]])
        tones[widest] = own.mean(0) - step
    return tones


def _widest_way(offsets: Tones) -> Tones:
    """(3,): one deviation along the direction in which the offsets vary most, towards the light."""
    way = np.linalg.eigh(offsets.T @ offsets)[1][:, -1]
    return np.asarray(way * np.sign(way.sum() or 1) * (offsets @ way).std(), np.float32)


def _in_patches(
    image: Image.Image, how: Brushwork, frame: Frame, rng: np.random.Generator, bare: bool
) -> Image.Image:
    light = _levels(_patches(rng, frame, how.cells, how.stretch), frame)
    warmth = _levels(_patches(rng, frame, how.cells * 0.7, how.stretch), frame)
    lighter = light.point(_table(how.steps, how.light / SPAN))
    red, blue = (
        ImageChops.add(lighter, warmth.point(_table(3, sign * how.warmth / SPAN)), 1, -EVEN_LEVEL)
        for sign in (1, -1)
    )
    changed = ImageChops.add(image, Image.merge("RGB", (red, lighter, blue)), 1, -EVEN_LEVEL)
    if bare:
        painted = ImageChops.invert(image.convert("L")).point([min(255, 2 * level) for level in range(256)])
        changed = Image.composite(changed, image, painted)
    return changed


def _patches(rng: np.random.Generator, frame: Frame, cells: float, stretch: float) -> Field:
    """Noise of unit deviation on the patches' own grid, its fine bumps strong enough to fray the coarse."""
    rows, columns = _grid(frame)
    total = np.zeros((rows, columns), np.float32)
    for octave in range(3):
        count = cells * 2**octave
        size = (max(2, round(count * frame.down)) + 1, max(2, round(count * frame.across / stretch)) + 1)
        knots = rng.standard_normal(size).astype(np.float32)
        total += resized(knots, columns, rows) * np.float32(0.6**octave)
    return np.asarray(total / max(float(total.std()), 1e-6), np.float32)


def _grid(frame: Frame) -> tuple[int, int]:
    return max(24, round(frame.down * CELLS)), max(24, round(frame.across * CELLS))


def _levels(field: Field, frame: Frame) -> Image.Image:
    """The field as levels 0..255 over `SPAN` deviations and half as much again, enlarged to the frame."""
    levels = np.clip(field * (127 / (1.5 * SPAN)) + EVEN_LEVEL, 0, 255).astype(np.uint8)
    return Image.fromarray(levels).resize((frame.width, frame.height), Image.Resampling.BILINEAR)


def _table(steps: int, reach: float) -> list[int]:
    """From the levels of a field to a shift about `EVEN_LEVEL`, in steps that are a little smooth within."""
    spread = (np.arange(256) - EVEN_LEVEL) * (1.5 * SPAN / 127)
    stepped = np.round(spread * steps / 4) * 4 / steps
    shift = np.clip(0.8 * stepped + 0.2 * spread, -SPAN, SPAN) * reach
    return [int(each) for each in np.clip(np.round(shift + EVEN_LEVEL), 0, 255)]


def _shaken(amount: float, frame: Frame, rng: np.random.Generator) -> NDArray[np.int32]:
    """(H, W): for each pixel the flat index of the one that is shown there."""
    calm = _calm(frame)
    size = (round(SHAKES * frame.down) + 2, round(SHAKES * frame.across) + 2)
    # No shift reaches farther than EDGE, where it has its full strength.
    reach = min(3.5 * amount, EDGE) * frame.scale
    pixels = [round((level - EVEN_LEVEL) * reach / 127) + EVEN_LEVEL for level in range(256)]
    places = np.arange(frame.height * frame.width, dtype=np.int32).reshape(frame.height, frame.width)
    for stride in (frame.width, 1):
        knots = resized(rng.standard_normal(size).astype(np.float32), calm.shape[1], calm.shape[0])
        levels = (np.clip(knots / 3.5, -1, 1) * calm * 127 + EVEN_LEVEL + 0.5).astype(np.uint8)
        image = Image.fromarray(levels).resize((frame.width, frame.height), Image.Resampling.BILINEAR)
        places += (np.asarray(image.point(pixels), np.int32) - EVEN_LEVEL) * stride
    return places


def _calm(frame: Frame) -> Field:
    """How strongly edges are shaken: fully but near the border, where not at all."""
    rows, columns = _grid(frame)
    down, across = (
        np.minimum(np.arange(count), np.arange(count)[::-1]) / (EDGE * CELLS) for count in (rows, columns)
    )
    return np.asarray(np.clip(np.minimum(down[:, None], across[None, :]), 0, 1), np.float32)
