"""Labels of choices that carry a sentence of their own."""


class Hinted(str):
    """A label with a hint, which templates/forms/choices.html shows below it."""

    hint: str

    def __new__(cls, label: str, hint: str = "") -> "Hinted":
        made = super().__new__(cls, label)
        made.hint = hint
        return made

    def __deepcopy__(self, memo: object) -> "Hinted":
        return self
