"""Every surface that shows what an author wrote is walked with data that they spilt: none of it can be read."""

from __future__ import annotations

import json

import pytest

from tests.slack import surfaces
from tests.stories.test_masking import SPILT, parts_in


@pytest.mark.parametrize("spilt", [SPILT, "x" * 570 + SPILT, SPILT.replace("1111", "11\u200b11"), SPILT * 20])
def test_no_surface_shows_what_was_spilt(spilt: str):
    for name, drawing, _ in surfaces.messages("elsewhere", spilt=spilt):
        assert parts_in(drawing.text) | parts_in(json.dumps(drawing.blocks, ensure_ascii=False)) == set(), name
    for name, view in surfaces.views("elsewhere", spilt=spilt):
        assert parts_in(json.dumps(view, ensure_ascii=False)) == set(), name


def test_the_walk_would_find_it():
    found = [name for name, drawing, _ in surfaces.messages(SPILT) if parts_in(json.dumps(drawing.blocks))]
    found += [name for name, view in surfaces.views(SPILT) if parts_in(json.dumps(view))]

    assert len(found) > 30
