"""A post is read the same way however it is dressed up."""

from hypothesis import given
from hypothesis import strategies as st

from bot.triage.features import CHARACTER_LIMIT, QUOTE_LIMIT, WORD_LIMIT, read


def test_handles_links_and_addresses_leave_no_words():
    post = read(
        "@brand.example, (cc @other@social.example) mail ana.b@post.example or https://a.example/still?x=1 now."
    )

    assert post.words == ["cc", "mail", "or", "<link>", "now", "."]


def test_a_sentence_end_behind_a_handle_stays():
    assert read("ask @brand. Thanks").words == ["ask", ".", "thanks"]


def test_short_forms_numbers_and_spans_have_one_spelling():
    assert read("U dont reply pls, 3 hrs").words == read("you don't reply please, five minutes").words


def test_a_contraction_is_no_illness():
    assert "i'll" in read("I'll wait").words


def test_quotes_of_any_shape_are_the_same():
    assert read("can’t").words == read("can't").words == read("can`t").words


def test_invisible_signs_and_wide_letters_do_not_hide_a_word():
    assert read("re\u200bfu\u00adnd ｎｏｗ").words == ["refund", "now"]


def test_piled_up_accents_are_no_letters():
    assert read("wo" + "\u0301" * 500 + "rst l\u0336\u0321ost").words == ["worst", "lost"]


def test_drawn_out_words_are_shortened():
    assert read("sooooo loooove WHYYYYY").words == ["so", "love", "why"]


def test_hashtags_are_read_as_words():
    assert read("#WorstDayEver #brandfail").words == ["worst", "day", "ever", "brand", "fail"]


def test_marks_keep_how_loud_they_are():
    assert read("a. b! c!! d? e?! f\ng").words == [
        "a",
        ".",
        "b",
        "!",
        "c",
        "!!",
        "d",
        "<?>",
        "e",
        "<??>",
        "f",
        ".",
        "g",
    ]


def test_capitals_are_remembered_by_place():
    assert read("give ME MY MONEY back").shouted == [3]


def test_a_letter_that_grows_in_lower_case_keeps_words_and_text_together():
    post = read("İİİ still waiting")

    assert post.quotes([(len(post.words) - 2, len(post.words))]) == ["still waiting"]


def test_a_quote_is_the_authors_words_in_one_short_line():
    post = read("I have been \t waiting, £40 " + "long" * 40)

    been, waiting, all_of_it = post.quotes([(0, 4), (3, 6), (0, len(post.words))])

    assert been == "I have been waiting"
    assert waiting == "waiting, £40"
    assert len(all_of_it) == QUOTE_LIMIT


@given(st.text(max_size=200))
def test_any_text_is_read_and_every_word_can_be_quoted(text):
    post = read(text)

    quotes = post.quotes([(at, at + 1) for at in range(len(post.words))])

    assert len(quotes) == len(post.words)
    assert max(map(len, quotes), default=0) <= QUOTE_LIMIT


def test_work_is_bounded():
    post = read("a " * 20_000)

    assert len(post.words) == WORD_LIMIT
    assert len(read("ﬃ" * 20_000).text) <= CHARACTER_LIMIT
