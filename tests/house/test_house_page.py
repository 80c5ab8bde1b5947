"""The pages that the sandbox and the demo serve bring everything with them."""

from __future__ import annotations

import re

import pytest

from tests.house.tree import name_of, under

STATIC = [*under("bot/sandbox/static/", ".html", ".js", ".css", ".svg"), *under("bot/demo/static/", ".css")]


def test_a_page_has_no_script_or_style_inside():
    pages = [path.read_text() for path in STATIC if path.suffix == ".html"]

    assert pages
    assert [re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", page) for page in pages] == [[]]


@pytest.mark.parametrize("path", STATIC, ids=name_of)
def test_a_page_asks_nobody_else(path):
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")

    assert re.findall(r"""(?:https?:)?//[a-z0-9-]+\.[a-z][^\s"']*|@import""", text) == []
