"""What a reaction to a picture stands for: the one table, from which the adapters read."""

from __future__ import annotations

from types import MappingProxyType

FAVOURITE, SPOILER = "favourite", "spoiler"
SHORTCUTS = MappingProxyType(
    {
        FAVOURITE: (
            "⭐ 🌟 ❤ ♥ ❣ 🧡 💛 💚 💙 🩵 💜 🖤 🤍 🤎 🩶 🩷 💖 💗 💓 💞 💕 💘 💝 💟"
            " ❤\u200d🔥 ❤\u200d🩹 😍 😻 🥰 🫀"
        ),
        "send": "✉ 📩 📨 📧",
        "delete": "❌",
        SPOILER: "🙈",
    }
)
"""A command's word -> the emoji that say it of all pictures of a post, without variation selectors."""

_SELECTOR = "\ufe0f"
_VERBS = {emoji: verb for verb, line in SHORTCUTS.items() for emoji in line.split()}


def verb_of(emoji: str) -> str | None:
    """The command that an emoji stands for; None when it stands for nothing."""
    return _VERBS.get(emoji.replace(_SELECTOR, ""))
