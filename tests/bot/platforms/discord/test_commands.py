"""Facts about bot/platforms/discord/commands.py: what Discord is told, and what people type."""

from __future__ import annotations

import aiohttp
import pytest
import simcord
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discord.adapter import INFO, LOST, REPORT
from bot.platforms.discord.commands import MOST_CHOICES, MOST_NAME, SlashCommands, choices_after, split_list
from bot.platforms.discord.connection import make_discord_client
from commands.command import Command
from commands.i18n import translator
from commands.parsing.options import KEYS
from commands.parsing.sanitize import MAX_LINE
from commands.registry import COMMANDS
from engine.vocabulary import load_vocabulary
from tests.support.discord.discord_app import SlowService, adapter, command, simulated

pytestmark = pytest.mark.platform("discord")

TEXT, NUMBER = 3, 4
"""Types of an option."""


@pytest.fixture
async def options(platform, server):
    """The options of /paint as Discord was told of them, by name."""
    return {option["name"]: option for option in server.commands["paint"]["options"]}


async def completed(server, option, typed, name="paint", **fields):
    """(name, label) of what is offered to somebody who types."""
    asked = await server.interact(command(name, {option: typed}, focused=option, **fields))
    await server.until(lambda: asked.kind)
    return [(choice["value"], choice["name"]) for choice in asked.choices]


async def test_discord_is_told_of_every_command_and_option(platform, server):
    told = {
        name: [option["name"] for option in each.get("options", [])] for name, each in server.commands.items()
    }
    known = {name: [option.name for option in each.options] for name, each in COMMANDS.items()}
    assert told == {**known, INFO: [], REPORT: []}


async def test_numbers_are_numbers_with_their_range(options):
    seed = options["seed"]
    assert (seed["type"], seed["min_value"], seed["max_value"]) == (NUMBER, 0, 2**32 - 1)


async def test_words_are_completed_and_nothing_has_to_be_given(options):
    assert {name for name, each in options.items() if each.get("autocomplete")} == {
        *("style", "color", "shape", "scene")
    }
    assert not [name for name, each in options.items() if each["required"]]


async def test_a_number_that_a_word_may_stand_for_is_text(platform, server):
    [daily] = [each for each in server.commands["quota"]["options"] if each["name"] == "daily"]
    assert daily["type"] == TEXT


async def test_fixed_words_are_offered_as_they_are(platform, server):
    [show] = [each for each in server.commands["gallery"]["options"] if each["name"] == "show"]
    offered = [(each["name"], each["value"]) for each in show["choices"]]
    assert offered == [(each, each) for each in ("mine", "server", "favourites")]


async def test_names_are_chinese_for_those_who_read_chinese(platform, server, options):
    assert server.commands["paint"]["name_localizations"]["zh-CN"] == "画"
    names = {name: options[name]["name_localizations"]["zh-TW"] for name in KEYS}
    assert all(names[name] in KEYS[name] for name in KEYS)
    assert "fr" not in server.commands["paint"]["name_localizations"]


async def test_commands_are_for_servers_and_direct_messages(platform, server):
    for each in server.commands.values():
        assert (each["contexts"], each["integration_types"]) == ([0, 1], [0])


@pytest.mark.parametrize(
    ("option", "typed", "first"),
    [
        ("style", "in", ("ink", "ink")),
        ("style", "sumi-e", ("ink", "ink")),
        ("color", "teal, go", ("teal, gold", "teal, gold")),
        ("style", "ink+ukiyo", ("ink+ukiyo-e", "ink+ukiyo-e")),
        ("shape", "fisch", ("fish", "fish")),
        ("scene", "FLO", ("flock", "flock")),
    ],
)
async def test_the_nearest_word_is_offered_first(platform, server, option, typed, first):
    assert (await completed(server, option, typed))[0] == first


@pytest.mark.parametrize(("option", "typed"), [("style", ""), ("color", ""), ("shape", "a"), ("shape", "")])
async def test_at_most_25_words_are_offered_each_once(platform, server, option, typed):
    offered = await completed(server, option, typed)
    assert 1 <= len(offered) <= MOST_CHOICES
    assert len(set(offered)) == len(offered)


async def test_words_are_offered_in_the_language_of_the_reader(platform, server):
    assert (await completed(server, "shape", "鱼", locale="zh-CN"))[0] == ("fish", "鱼")
    assert (await completed(server, "color", "蓝色，金", locale="zh-TW"))[0] == ("蓝色，gold", "蓝色，金色")


async def test_everybody_is_offered_for_limits(platform, server):
    assert await completed(server, "subject", "", "quota") == [
        ("server", "Each person in this server"),
        ("total", "All of this server together"),
    ]


async def test_a_role_and_a_channel_are_picked_from_what_there_is(platform, server):
    options = {each["name"]: each["type"] for each in server.commands["quota"]["options"]}
    assert (options["role"], options["channel"]) == (8, 7)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("", ("", "")),
        ("go", ("", "go")),
        ("teal, go", ("teal, ", "go")),
        ("ink:2+oi", ("ink:2+", "oi")),
        ("蓝、金，", ("蓝、金，", "")),
    ],
)
def test_the_last_word_of_a_list_is_completed(typed, parts):
    assert split_list(typed) == parts


@given(st.text(max_size=150), st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), max_size=40))
def test_discord_takes_whatever_is_offered(before, suggestions):
    choices = choices_after(before, suggestions)
    assert len(choices) <= MOST_CHOICES
    assert all(1 <= len(text) <= MOST_NAME for each in choices for text in (each.name, each.value))


@pytest.mark.parametrize("kind", ["style", "color", "shape", "scene"])
def test_a_word_is_offered_whatever_stands_before_it(kind):
    [choice] = choices_after("x" * 50 + ", ", load_vocabulary().suggest(kind, "", "en", 1))
    assert choice.value.startswith("x" * 50 + ", ")


async def test_commands_that_discord_does_not_take_are_logged_and_easel_goes_on(server, service, caplog):
    server.scripted["publish"] = [(400, {}, {"code": 50035, "message": "Invalid Form Body"})]
    async with adapter(server, service):
        asked = await server.interact(command("help", {}))
        await server.until(lambda: asked.kind)
    assert "Discord refused the slash commands" in caplog.text


async def nothing(*_):
    """Whatever is said."""


async def published(command, service):
    """A command as Discord gives it back."""
    client = make_discord_client(None, None, aiohttp.TraceConfig())
    client.tree = SlashCommands(client, service, nothing, nothing, {command.name: command})
    async with simcord.run(client):
        await client.tree.publish()
        [told] = await client.tree.fetch_commands()
        return told


async def test_sentences_are_in_every_language_of_the_catalogue(service):
    told = await published(Command("paint", LOST, nothing), service)
    said = {locale.value: each for locale, each in told.description_localizations.items()}
    locales = {"de", "es-ES", "es-419", "fr", "ja", "ko", "pt-BR", "zh-CN", "zh-TW"}
    assert said == {locale: translator(locale)(LOST) for locale in locales}
    assert LOST not in said.values()


async def test_a_sentence_without_a_translation_stays_as_it_is(service):
    told = await published(Command("paint", "Not in the catalogue", nothing), service)
    assert (told.description, told.description_localizations) == ("Not in the catalogue", {})


async def test_a_long_sentence_is_cut(service):
    told = await published(Command("paint", "x" * 200, nothing), service)
    assert told.description == "x" * (MOST_NAME - 1) + "…"


@pytest.mark.parametrize("admin_only", [True, False])
async def test_what_is_for_admins_is_shown_to_those_who_manage_the_server(service, admin_only):
    told = await published(Command("paint", LOST, nothing, admin_only=admin_only), service)
    permissions = told.default_member_permissions
    assert (permissions is not None and permissions.manage_guild) is admin_only


async def typing(service, typed):
    """Somebody types these slash commands, one after the other."""
    async with simulated(service) as env:
        channel = env.create_guild().create_text_channel("art")
        ann = env.guild.add_member(env.create_user("ann"))
        for name, options in typed:
            await ann.slash(channel, name, **options)


async def test_what_people_fill_in_comes_as_one_line():
    service = SlowService()
    options = {"words": "a fish", "style": "ink", "color": "blue, gold", "seed": 7, "count": 2}
    await typing(service, [("paint", options), ("quota", {"daily": "none"}), ("help", {"command": "taste"})])
    assert [(ask.command, ask.words) for ask in service.asks] == [
        ("paint", 'a fish style=ink color="blue, gold" seed=7 count=2'),
        ("quota", "daily=none"),
        ("help", "taste"),
    ]


@pytest.mark.parametrize(
    "options", [{"seed": -1}, {"size": 100}, {"count": 5}, {"words": ""}, {"words": "x" * (MAX_LINE + 1)}]
)
async def test_discord_itself_turns_away_what_is_out_of_range(options):
    service = SlowService()
    with pytest.raises(simcord.OptionError):
        await typing(service, [("paint", options)])
    assert not service.asks
