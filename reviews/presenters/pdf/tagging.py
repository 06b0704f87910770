"""What WeasyPrint leaves open in the structure of a tagged PDF, added afterwards."""

import io
from collections.abc import Iterator, Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String


def mend(content: bytes, places: Mapping[str, str]) -> bytes:
    """Scope of header cells, the tree of their ids, and words for links to `places`.

    `places` names the target of each anchor. The result is the same for the same input.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root.StructTreeRoot
        elements = list(_elements(root.K, in_head=False))
        for element, in_head in elements:
            if element.S == Name.TH:
                element.A.Scope = Name.Column if in_head else Name.Row
        ids = sorted((bytes(one.ID), one) for one, _ in elements if Name.ID in one)
        if ids:
            pairs = [part for key, one in ids for part in (String(key.decode("ascii")), one)]
            root.IDTree = pdf.make_indirect(Dictionary(Names=Array(pairs)))
        _name_links(pdf, places)
        saved = io.BytesIO()
        pdf.save(
            saved,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return saved.getvalue()


def _elements(kids: Object, *, in_head: bool) -> Iterator[tuple[Object, bool]]:
    """Every structure element below, with whether it stands in the head of a table."""
    waiting = [(kids, in_head)]
    while waiting:
        kid, head = waiting.pop()
        if isinstance(kid, Array):
            waiting += [(one, head) for one in kid]
        elif isinstance(kid, Dictionary) and Name.S in kid:
            yield kid, head
            waiting.append((kid.get(Name.K, Array()), head or Name.THead == kid.S))


def _name_links(pdf: Pdf, places: Mapping[str, str]) -> None:
    for page in pdf.pages:
        for link in page.get(Name.Annots, Array()):
            target = str(link.get(Name.Dest, ""))
            if target in places:
                link.Contents = String(f"Go to {places[target]}")
