"""First draft against final completion (capability 4): a faster draft with a slower finish is a
loss, and is called one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finish:
    """Minutes per task. `before` and `final` from start to the accepted result; `draft` and
    `review` are parts of `final`; `draft_before` is None where drafts were not timed before AI."""

    before: float
    final: float
    draft: float
    review: float | None = None
    draft_before: float | None = None

    @property
    def is_loss(self) -> bool:
        """Whether the finished result takes longer although the draft came faster."""
        return self.final > self.before > self.draft

    @property
    def parts(self) -> list[tuple[str, float]]:
        """The final time as parts of one bar: draft, review, and what neither explains."""
        draft = min(self.draft, self.final)
        review = min(self.review or 0.0, self.final - draft)
        rest = self.final - draft - review
        found = [("draft", draft), ("review", review), ("rework and waiting", rest)]
        return [(name, round(size, 1)) for name, size in found if round(size, 1) > 0]

    @property
    def parts_words(self) -> str:
        """ "draft 6, review 8, rework and waiting 2.7"."""
        return ", ".join(f"{name} {size:g}" for name, size in self.parts)

    @property
    def review_share(self) -> float | None:
        """Share of the final time that is review, None where nobody measures it."""
        return None if self.review is None or not self.final else self.review / self.final

    def finding(self) -> str:
        """One or two sentences: loss or gain first, then where the time goes."""
        if self.draft_before is None:
            first = f"The draft is there after {_minutes(self.draft)}"
        else:
            first = f"The draft comes {_moved(self.draft_before, self.draft)}"
        text = f"{first}, the finished result {_moved(self.before, self.final)}: "
        text += f"{_minutes(self.before)} before, {_minutes(self.final)} now."
        if self.is_loss:
            text += " That is a loss of time."
        share = self.review_share
        if share is not None:
            text += f" {share * 100:.0f}% of the time is human review."
        else:
            text += " Nobody measures how much of it is human review."
        return text


def _moved(before: float, now: float) -> str:
    if not before:
        return "at no known pace"
    share = (now - before) / before
    if abs(share) < 0.005:
        return "at the same pace"
    return f"{abs(share) * 100:.0f}% {'slower' if share > 0 else 'faster'}"


def _minutes(value: float) -> str:
    return f"{round(value, 1):g} min"
