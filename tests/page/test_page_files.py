"""The files of the page themselves: complete, small, and clean of everything that the policy forbids."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "bot" / "sandbox" / "static"
INDEX = (STATIC / "index.html").read_text()
FILES = sorted(path for path in STATIC.rglob("*") if path.suffix in {".js", ".css", ".html", ".svg"})


def test_every_stylesheet_is_named_in_the_page_and_every_module_imported():
    imported = {f"js/{name}" for path in FILES for name in re.findall(r' from "\./(.+)";', path.read_text())}
    asked = imported | set(re.findall(r'(?:href|src)="/static/([^"]+)"', INDEX))

    assert asked == {path.relative_to(STATIC).as_posix() for path in FILES} - {"index.html"}


def test_the_page_has_nothing_inline():
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", INDEX) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_small_says_what_it_is_and_makes_no_markup(path: Path):
    text = path.read_text()

    assert text.count("\n") <= 300
    assert re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text) is None
    assert re.search(r"https?://(?!www\.w3\.org/)", text.replace("https?://", "")) is None
    assert path.suffix in {".html", ".svg"} or text.startswith(("// ", "/* "))
