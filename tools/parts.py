"""Parts of pages that are written from the code, each between two marks."""


def with_part(page: str, name: str, text: str) -> str:
    """The page with the part brought up to date. Raises ValueError where its marks are not there once."""
    begin, end = f"<!-- {name}: begin (make docs) -->\n", f"\n<!-- {name}: end -->"
    before, rest = page.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}{text}{end}{after}"
