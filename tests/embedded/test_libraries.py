from pathlib import Path

import pytest

from portal.embedded import libraries


def test_the_five_faces_of_the_font_are_found() -> None:
    names = [file.stem for file in libraries.font_files()]
    assert names == [f"Inter-{face}" for face in libraries.FACES]


def test_fontconfig_is_told_of_these_faces_alone(tmp_path: Path) -> None:
    written = libraries.fontconfig_file(tmp_path).read_text()
    assert written.count("<dir>") == 1
    assert written.count("<glob>") == 1 + len(libraries.FACES)


def test_a_missing_font_is_told_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLUMBLINE_SYSTEM", str(tmp_path))
    monkeypatch.setattr(libraries, "FONT_FOLDERS", ("nowhere",))
    with pytest.raises(libraries.MissingFont, match="apt-get install fonts-inter"):
        libraries.font_files()
