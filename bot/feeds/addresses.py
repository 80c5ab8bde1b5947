"""Which machines a feed may be read from: never one inside our own network by a stranger's word."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

import httpx

from bot.errors import FeedTrouble

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]

#: IPv6 addresses that carry an IPv4 address in their last bits (RFC 6052).
_TRANSLATED: Final = ip_network("64:ff9b::/96")


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, IPv4 first.

    Raises:
        OSError: it has none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[4][0]) for place in sorted(found, key=lambda place: place[0] != socket.AF_INET)]


def is_public(address: Address) -> bool:
    """Whether an address, and the one wrapped in it, is on the public internet."""
    wrapped: IPv4Address | None = None
    if isinstance(address, IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            wrapped = IPv4Address(int(address) & 0xFFFF_FFFF)
        if wrapped:
            return is_public(wrapped)
    return address.is_global and not address.is_multicast


def web_url(url: str) -> httpx.URL | None:
    """Return an http or https URL in its parts; None when it is none."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return None
    return parsed if parsed.scheme in {"http", "https"} and parsed.host else None


def on_this_machine(url: str) -> bool:
    """Whether a URL names the loopback, by address or as localhost."""
    parsed = web_url(url)
    address = _literal(parsed.host) if parsed else None
    return bool(address and address.is_loopback)


class Gate:
    """Lets one feed through to public addresses, and to the very address that its operator typed."""

    def __init__(self, configured: str, *, resolve: Resolve = resolve) -> None:
        home = web_url(configured)
        self._home = _literal(home.host) if home else None
        self._resolve = resolve

    async def pinned(self, url: httpx.URL) -> httpx.URL:
        """Return the URL with its host replaced by an address that was checked.

        Calling that address, and not the name again, keeps a name from pointing elsewhere meanwhile.

        Raises:
            FeedTrouble: it is no web address, has no address, or one that is not public.
        """
        if not web_url(str(url)):
            raise FeedTrouble(f"{_shown(url)} is no address of the web.")
        typed = _literal(url.host)
        addresses = [typed] if typed else await self._looked_up(url)
        for address in addresses:
            if not (is_public(address) or (typed and self._is_home(address))):
                raise FeedTrouble(
                    f"{_shown(url)} leads to {address}, inside a private network, and is not read. "
                    "If that is meant, write the address itself in the feed's url."
                )
        return url.copy_with(host=str(addresses[0]))

    async def _looked_up(self, url: httpx.URL) -> list[Address]:
        try:
            found = await self._resolve(url.raw_host.decode("ascii"), url.port or 443)
        except (OSError, UnicodeError) as error:
            raise FeedTrouble(f"{url.host[:200]} cannot be found. Check the name, or wait for its servers.") from error
        if not found:
            raise FeedTrouble(f"{url.host[:200]} has no address.")
        return [ip_address(each.partition("%")[0]) for each in found]

    def _is_home(self, address: Address) -> bool:
        return address == self._home or bool(self._home and self._home.is_loopback and address.is_loopback)


def _literal(host: str) -> Address | None:
    """Return the address that a host name is, if it is one."""
    if host.lower().rstrip(".") == "localhost":
        return IPv4Address("127.0.0.1")
    try:
        return ip_address(host)
    except ValueError:
        return None


def _shown(url: httpx.URL) -> str:
    """Return the URL for a sentence, without what may be secret in it."""
    return f"{url.scheme}://{url.host}"[:200] if url.host else str(url)[:80]
