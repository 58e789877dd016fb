"""Test what `easel` prints, and that a mistake is one sentence with exit status 2."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from bot.cli import main
from bot.cli.main import easel
from bot.config import Config
from engine.color.palette import color_hit
from engine.conditions import Conditions
from engine.marks.metadata import CONDITIONS_KEY
from engine.painting.painter import load_painter
from engine.training.evaluate import Evaluation
from engine.training.metrics import Estimate
from engine.training.train import TrainSettings
from engine.vocabulary import KINDS, load_vocabulary
from tests.support.fakes import FakePainter

LINE = "style=ink color=blue shape=fish seed=7 size=256"
PHASES = ("compose", "paint", "finish")


def run(*words, **settings):
    """Run a command line and return the result; raise what click does not handle."""
    outcome = CliRunner().invoke(easel, [str(word) for word in words], **settings)
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    return outcome


def mistake(*words):
    """Run a wrong command line and return its one sentence."""
    outcome = run(*words)
    assert outcome.exit_code == 2, outcome.output
    assert outcome.stdout == ""
    return outcome.stderr.strip().removeprefix("Error: ")


@pytest.fixture(scope="session")
def painted(tmp_path_factory):
    """Paint with the shipped weights, one line with two seeds; return the folder and the reports."""
    folder = tmp_path_factory.mktemp("painted")
    one = run("paint", LINE, "--out", folder / "one.png", "--json")
    two = run("paint", f"{LINE} count=2", "--out", folder / "two.png", "--json")
    return folder, [json.loads(one.stdout), *json.loads(two.stdout)]


@pytest.fixture
def quick(monkeypatch):
    """Replace the shipped weights by a painter that returns the layout."""
    monkeypatch.setattr("engine.painting.painter.load_painter", FakePainter)


def test_paint_prints_what_was_painted_as_json(painted):
    folder, reports = painted
    report = reports[0]
    assert set(report) == {"file", "conditions", "seed", "alt", "originality", "seconds"}
    assert report["file"] == str(folder / "one.png")
    assert report["seed"] == 7
    assert report["alt"].startswith("Generated picture: blue fish in the style ink")
    assert Conditions.from_dict(report["conditions"]).main_style == "ink"
    seconds = report["seconds"]
    assert set(seconds) == {*PHASES, "total"}
    assert seconds["total"] == pytest.approx(sum(seconds[phase] for phase in PHASES), abs=0.001)


def test_the_file_is_a_picture_of_the_asked_size_that_says_its_conditions(painted):
    folder, reports = painted
    with Image.open(folder / "one.png") as image:
        assert (image.format, image.size) == ("PNG", (256, 256))
        assert json.loads(image.text[CONDITIONS_KEY]) == reports[0]["conditions"]


def test_the_same_line_gives_the_same_bytes_and_another_seed_another_picture(painted):
    folder, _ = painted
    one, same, other = ((folder / f"{name}.png").read_bytes() for name in ("one", "two-1", "two-2"))
    assert one == same
    assert one != other
    pixels = [np.asarray(Image.open(io.BytesIO(each)), float) for each in (one, other)]
    assert np.abs(pixels[0] - pixels[1]).mean() > 5


def test_several_pictures_are_a_list_of_reports(painted):
    folder, (_, *reports) = painted
    assert [report["file"] for report in reports] == [f"{folder}/two-{number}.png" for number in (1, 2)]
    assert [report["seed"] for report in reports] == [7, 8]


def test_the_asked_color_rules_the_picture(painted):
    folder, _ = painted
    with Image.open(folder / "one.png") as image:
        assert color_hit(np.asarray(image), ("blue",))


def test_words_need_no_quotes_and_each_picture_is_a_line_for_people(quick, tmp_path):
    outcome = run("paint", "a", "fish", "count=2", "seed=3", "--size", "256", "--out", tmp_path / "fish.webp")
    files = [tmp_path / f"fish-{number}.webp" for number in (1, 2)]
    assert [line.split()[0] for line in outcome.stdout.splitlines()] == [str(each) for each in files]
    assert [line.rpartition("seed ")[2] for line in outcome.stdout.splitlines()] == ["3", "4"]
    assert [each.read_bytes()[8:12] for each in files] == [b"WEBP", b"WEBP"]
    assert sorted(tmp_path.iterdir()) == files


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["style=inc"], "I know no style inc; did you mean ink or linocut?"),
        (["size=9999"], "size is the longer side in pixels, from 256 to 2048, for example size=1024."),
        (["size=256", "--size", "512"], "size is given twice; say it once."),
        (["seed=abc"], "seed is a whole number from 0 to 4294967295."),
        (["x" * 5000], "That line is too long; please say it in 500 characters or fewer."),
        (["a fish", "--out", "fish.bmp"], "fish.bmp must end in .png, .webp, .jpg or .avif."),
    ],
)
def test_a_mistake_in_the_words_is_one_sentence(words, sentence):
    assert mistake("paint", "--out", "fish.png", *words) == sentence


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["nonsense"], "nonsense"),
        (["paint"], "WORDS"),
        (["paint", "a fish"], "--out"),
        (["paint", "a fish", "--out", "fish.png", "--size", "99"], "--size"),
        (["serve", "--port", "eighty"], "--port"),
        (["serve", "--port", "65536"], "--port"),
        (["train", "--data", "art", "--out", "run", "--minutes", "0"], "--minutes"),
        (["train", "--data", "art", "--out", "run", "--minutes", "nan"], "--minutes"),
        (["train", "--data", "art", "--out", "run", "--minutes", "1", "--device", "tpu"], "--device"),
        (["evaluate", "--data", "art", "--per-style", "0"], "--per-style"),
    ],
)
def test_a_mistake_in_the_options_names_the_option(words, named):
    sentence = mistake(*words).splitlines()[-1]
    assert sentence.startswith("Error: ")
    assert named in sentence


def test_a_full_disk_is_one_sentence_and_leaves_no_half_file(quick, tmp_path):
    """A write to /dev/full fails as on a full disk."""
    (tmp_path / "fish.png.partial").symlink_to("/dev/full")
    said = mistake("paint", LINE, "--out", tmp_path / "fish.png")
    assert said == f"{tmp_path}/fish.png cannot be written (No space left on device); choose another --out."
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_sentence(quick, tmp_path):
    said = mistake("paint", LINE, "--out", tmp_path / "no" / "fish.png")
    assert (
        said == f"{tmp_path}/no/fish.png cannot be written (No such file or directory); choose another --out."
    )


def test_missing_weights_are_one_sentence(tmp_path, monkeypatch):
    absent = partial(load_painter, weights=tmp_path / "absent.safetensors")
    monkeypatch.setattr("engine.painting.painter.load_painter", absent)
    said = mistake("paint", LINE, "--out", tmp_path / "fish.png")
    assert said.startswith(f"The weights in {tmp_path}/absent.safetensors cannot be used (No such file")
    assert said.endswith("; put the shipped file back, or train new ones with easel train.")


def test_the_catalogue_as_json_has_every_word():
    words = json.loads(run("catalogue", "--json").stdout)
    assert list(words) == list(KINDS.values())
    vocabulary = load_vocabulary()
    for kind, plural in KINDS.items():
        assert [each["name"] for each in words[plural]] == [word.name for word in vocabulary.words(kind)]
    fish = next(each for each in words["shapes"] if each["name"] == "fish")
    assert set(fish) == {"kind", "name", "en", "zh", "category", "value"}
    assert "鱼" in fish["zh"]


def test_the_catalogue_is_tables_for_people():
    text = run("catalogue").stdout
    assert all(word in text for word in ("styles", "colors", "shapes", "scenes", "ukiyo-e", "水墨"))


def test_ctrl_c_says_so_without_a_traceback(monkeypatch, tmp_path):
    monkeypatch.setattr(main, "_paint_all", _interrupted)
    outcome = run("paint", LINE, "--out", tmp_path / "fish.png")
    assert (outcome.exit_code, outcome.stderr.strip()) == (1, "Aborted!")


def _interrupted(*_):
    raise KeyboardInterrupt


@pytest.fixture
def served(monkeypatch):
    """Record the arguments of `serve`."""
    calls = []

    async def serve(config, tokens):
        calls.append((config, tokens))

    monkeypatch.setattr("bot.app.serve", serve)
    return calls


def test_serve_reads_the_file_the_port_and_the_environment(served, tmp_path):
    (tmp_path / "easel.toml").write_text("[web]\nport = 1234\nhost = '::1'")
    environment = {"EASEL_DISCORD_TOKEN": "secret"}
    run("serve", "--config", tmp_path / "easel.toml", "--port", "0", env=environment)
    [(config, tokens)] = served
    assert (config.web.port, config.web.host) == (0, "::1")
    assert config.storage.database == tmp_path / "data/easel.db"
    assert tokens.discord.reveal() == "secret"


def test_serve_takes_config_toml_when_it_is_there_and_else_the_defaults(served, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("serve")
    Path("config.toml").write_text("[web]\nport = 1234")
    run("serve")
    assert [config.web.port for config, _ in served] == [Config().web.port, 1234]
    assert served[0][0] == Config()


SERVE = [sys.executable, "-m", "bot", "serve", "--config"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[web]\nprot = 1", "there is no key web.prot; there are host, port, per_minute, proxies."),
        ('[web]\nport = "1"', "web.port = '1' must be a number from 0 to 65535."),
        (
            "[storage]\ndatabase = 'config.toml'",
            "cannot be used (file is not a database); check storage.database",
        ),
    ],
)
def test_a_start_that_cannot_be_stops_with_one_sentence(tmp_path, text, sentence):
    path = tmp_path / "config.toml"
    path.write_text(text + "\n# " + "x" * 200)
    outcome = subprocess.run([*SERVE, path], capture_output=True, text=True)
    assert outcome.returncode == 2
    [line] = outcome.stderr.splitlines()
    assert line.startswith("Error: ")
    assert sentence in line


def test_evaluate_prints_every_figure_as_strict_json(monkeypatch, tmp_path):
    figure, none = Estimate(0.5, 0.1, {"ink": 0.5}), Estimate(float("nan"), float("nan"))
    measured = {name: none if name.startswith("kid") else figure for name in Evaluation.__slots__}
    measured |= {"requests": 2, "accuracy_by_style": {"ink": 1.0}, "kid_by_style": {}, "left_out": ("ink",)}
    calls = []

    def evaluate(data, painter, per_style, seed, progress, pairs, choose, training):
        progress(1, 1)
        calls.append((data, training, painter.name, per_style, seed))
        return Evaluation(**measured)

    monkeypatch.setattr("engine.training.evaluate.evaluate", evaluate)
    monkeypatch.setattr("engine.training.evaluate.styles_to_tell_apart", lambda data: ("ink", "oil"))
    outcome = run(
        *("evaluate", "--data", tmp_path, "--train", "one", "--train", "two"),
        *("--per-style", "2", "--seed", "3", "--json"),
    )
    printed = json.loads(outcome.stdout, parse_constant=pytest.fail)
    assert set(printed) == set(Evaluation.__slots__)
    assert printed["kid"] == {"mean": None, "half_width": None, "by_style": {}}
    assert printed["color_hit"] == {"mean": 0.5, "half_width": 0.1, "by_style": {"ink": 0.5}}
    assert calls == [(tmp_path, (Path("one"), Path("two")), "gan", 2, 3)]


def test_art_that_cannot_be_measured_is_one_sentence(tmp_path):
    assert mistake("evaluate", "--data", tmp_path).startswith(f"{tmp_path} holds no sub-folder with pictures")


def test_train_passes_its_options_on_and_says_where_the_weights_are(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(
        "engine.training.train.train", lambda settings: calls.append(settings) or tmp_path / "w.safetensors"
    )
    words = ("--data", tmp_path, "--out", tmp_path / "run", "--minutes", "0.5", "--resume", "--seed", "4")
    assert run("train", *words).stdout == f"Weights: {tmp_path}/w.safetensors\n"
    assert calls == [TrainSettings((tmp_path,), tmp_path / "run", 0.5, resume=True, seed=4)]


@pytest.mark.parametrize(
    ("data", "out", "sentence"),
    [
        ("no", "run", "no is no folder; give one that holds a sub-folder"),
        (".", "file/run", "file/run cannot be used: Not a directory."),
    ],
)
def test_folders_that_cannot_be_trained_in_are_one_sentence(tmp_path, data, out, sentence):
    (tmp_path / "file").touch()
    outcome = run("train", "--data", tmp_path / data, "--out", tmp_path / out, "--minutes", "1")
    assert outcome.exit_code == 2
    assert sentence in outcome.stderr
