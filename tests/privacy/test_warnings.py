"""A risky reply is looked at twice, and what is risky in it is named."""

from __future__ import annotations

import pytest

from bot.privacy.warnings import warnings_of


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("WE ARE VERY SORRY ABOUT THIS, MARA", "It is written in capitals."),
        ("Read it at bit.ly/3xyz", "It holds a shortened link: nobody sees where it leads."),
        ("We wrote to mara@post.example", "It holds an e-mail address."),
        ("We refund 4111 1111 1111 1111", "It holds a card number."),
        ("We called +45 20 12 34 56", "It holds a phone number."),
        ("We pay to DE89 3704 0044 0532 0130 00", "It holds a bank account."),
        ("Your booking K3X9ZQ is safe", "It holds a booking reference."),
        ("Your order 492912345678 is safe", "It holds a long number: a customer's, an order's?"),
    ],
)
def test_a_risky_reply_is_looked_at_twice(text: str, warning: str):
    assert warnings_of(text) == [warning]


def test_a_plain_reply_has_no_warning():
    assert warnings_of("Sorry, Mara! OK: your bag is on the 9:40 to Port Ellis.") == []


def test_to_the_author_alone_their_own_data_may_be_written():
    assert warnings_of("Your booking K3X9ZQ, order 492912345678, is at bit.ly/3xyz", public=False) == [
        "It holds a shortened link: nobody sees where it leads."
    ]
