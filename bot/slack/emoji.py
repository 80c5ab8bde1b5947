"""Slack's short names for the emoji that staff use in answers; unknown names stay as typed."""

from __future__ import annotations

from typing import Final

EMOJI: Final = {
    "+1": "👍", "-1": "👎", "thumbsup": "👍", "thumbsdown": "👎", "wave": "👋", "pray": "🙏", "clap": "👏",
    "raised_hands": "🙌", "ok_hand": "👌", "muscle": "💪", "point_right": "👉", "point_down": "👇",
    "smile": "😄", "smiley": "😃", "grinning": "😀", "blush": "😊", "slightly_smiling_face": "🙂", "wink": "😉",
    "joy": "😂", "sweat_smile": "😅", "laughing": "😆", "heart_eyes": "😍", "thinking_face": "🤔",
    "disappointed": "😞", "cry": "😢", "sob": "😭", "worried": "😟", "confused": "😕", "pensive": "😔",
    "angry": "😠", "rage": "😡", "scream": "😱", "facepalm": "🤦", "shrug": "🤷", "hugging_face": "🤗",
    "heart": "❤️", "blue_heart": "💙", "green_heart": "💚", "yellow_heart": "💛", "broken_heart": "💔",
    "tada": "🎉", "sparkles": "✨", "star": "⭐", "fire": "🔥", "rocket": "🚀", "sunny": "☀️", "ocean": "🌊",
    "ship": "🚢", "ferry": "⛴️", "airplane": "✈️", "train": "🚋", "bus": "🚌", "car": "🚗", "package": "📦",
    "email": "📧", "phone": "📞", "iphone": "📱", "ticket": "🎫", "receipt": "🧾", "moneybag": "💰", "gift": "🎁",
    "coffee": "☕", "white_check_mark": "✅", "x": "❌", "warning": "⚠️", "eyes": "👀", "bulb": "💡",
    "hourglass": "⌛", "calendar": "📅", "lock": "🔒", "mag": "🔍", "link": "🔗", "rotating_light": "🚨", "zzz": "💤",
}  # fmt: skip
