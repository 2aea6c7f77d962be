"""What is said of a file is asked for, and measured only where the platform has a place for it."""

from viche_sdk.connectors.types import Limits, Media, MediaKind, MediaLimit, Post, ProblemReason, TextLimit, problems_of


def reasons(alt: str, alt_most: int) -> list[ProblemReason]:
    limits = Limits(TextLimit(100), images=MediaLimit(1, frozenset({"image/png"}), 1_000, alt_most=alt_most))
    post = Post("Міст", "uk", media=(Media("m1", MediaKind.IMAGE, "image/png", 10, alt),))
    return [problem.reason for problem in problems_of(post, limits)]


def test_words_for_a_picture_may_be_as_long_as_the_platform_takes() -> None:
    assert reasons("ї" * 10, 10) == []
    assert reasons("ї" * 11, 10) == [ProblemReason.ALT_TOO_LONG]


def test_a_platform_without_place_for_them_does_not_limit_them() -> None:
    assert reasons("ї" * 5_000, 0) == []


def test_they_are_asked_for_everywhere() -> None:
    assert reasons(" ", 10) == reasons(" ", 0) == [ProblemReason.ALT_MISSING]
