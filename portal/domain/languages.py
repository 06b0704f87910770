"""In which language a page or a mail speaks."""

from collections.abc import Collection


def language_of(*wishes: str, known: Collection[str]) -> str:
    """The first wish that can be met, empty when none can.

    A wish that names a country is met by its language: "de-at" by "de".
    """
    for wish in wishes:
        name = wish.lower()
        for code in (name, name.split("-")[0]):
            if code and code in known:
                return code
            if kin := next((one for one in known if code and one.split("-")[0] == code), ""):
                return kin
    return ""
