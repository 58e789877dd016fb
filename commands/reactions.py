"""Map reactions to the commands they stand for."""

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
"""A command's word -> the emoji that stand for it, without variation selectors."""

_SELECTOR = "\ufe0f"
_VERBS = {emoji: verb for verb, line in SHORTCUTS.items() for emoji in line.split()}


def verb_of(emoji: str) -> str | None:
    """Return the command that an emoji stands for, or None."""
    return _VERBS.get(emoji.replace(_SELECTOR, ""))
