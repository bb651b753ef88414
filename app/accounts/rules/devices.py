"""What to call a signed-in browser: its name and its system, read from what it says of itself. Both can be lies; it is a help to memory."""

from __future__ import annotations

#: The first that occurs wins: browsers built upon others name those too.
_BROWSERS = (
    ("DingTalk", "DingTalk"), ("wxwork", "WeCom"), ("MicroMessenger", "WeChat"), ("Feishu", "Feishu"), ("Lark", "Lark"),
    ("MiuiBrowser", "Mi Browser"), ("HuaweiBrowser", "Huawei Browser"), ("QQBrowser", "QQ Browser"), ("UCBrowser", "UC Browser"),
    ("SamsungBrowser", "Samsung Internet"), ("QIHU", "360"), ("360SE", "360"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi", "Vivaldi"),
    ("FxiOS", "Firefox"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
    ("Trident", "Internet Explorer"),
    ("curl", "curl"), ("python", "Python"),
)  # fmt: skip
_SYSTEMS = (
    ("OpenHarmony", "HarmonyOS"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("UOS", "UOS"), ("Linux", "Linux"),
)  # fmt: skip
LONGEST = 40


def device_name(agent: str) -> str:
    """``Chrome · Windows``; what is not known is shown as it calls itself, cut short; empty when it says nothing."""
    parts = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, parts)) or " ".join(agent.split())[:LONGEST]
