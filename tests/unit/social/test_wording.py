"""What words tell of a text."""

from __future__ import annotations

from viche_gateway.console.inbox import saying
from viche_social.domain.inbox import Tone
from viche_social.domain.wording import MOST_FOR_ONE, WordList, tone_of, topic_of
from viche_social.proposing import LANGUAGES, shipped

KNOWN = WordList(
    {"roads": frozenset({"road", "bridge"}), "parks": frozenset({"tree", "park"})},
    {Tone.FRIENDLY: frozenset({"thank"}), Tone.ANGRY: frozenset({"shame"})},
)


def words(text: str) -> list[set[str]]:
    return [{word} for word in text.split()]


def test_one_word_tells_the_topic_of_a_short_text_alone() -> None:
    assert topic_of(words("when is the bridge open"), KNOWN) == "roads"
    assert topic_of(words("bridge " + "and " * MOST_FOR_ONE), KNOWN) == ""


def test_a_topic_must_be_far_ahead() -> None:
    assert topic_of(words("a tree on the road"), KNOWN) == ""
    assert topic_of(words("a tree on the road by the bridge"), KNOWN) == "roads"


def test_a_word_that_is_repeated_says_no_more() -> None:
    assert topic_of(words("road road road tree"), KNOWN) == ""


def test_two_tones_are_none() -> None:
    assert tone_of(words("thank you"), KNOWN) is Tone.FRIENDLY
    assert tone_of(words("thank you for nothing shame"), KNOWN) is None
    assert tone_of(words("open the bridge"), KNOWN) is None


def test_all_languages_know_the_same_topics_and_officers_have_words_for_them() -> None:
    for language in LANGUAGES:
        known = shipped(language)
        assert set(known.topics) == set(saying.TOPICS)
        assert set(known.tones) == {Tone.FRIENDLY, Tone.ANGRY}
        everything = [word for lemmas in known.topics.values() for word in lemmas]
        assert len(everything) == len(set(everything)), f"a word of two topics in {language}"
