"""Where a server's files may live, and which user it runs as.

PostgreSQL refuses to run as root, and a broker should not. Started by root, both drop to another
user, which must be able to reach its binaries and its data: neither works inside a 0700 home.
"""

import hashlib
import os
import pwd
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path

from portal.embedded.process import Account, Trouble

OUTSIDE = Path("/var/tmp")  # noqa: S108 - kept over restarts, and each folder's owner is checked


def account_for(home: Path) -> Account | None:
    """The user a server with its files in `home` runs as; None means the present one."""
    if os.geteuid() != 0:
        return None
    if home.exists() and (owner := home.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise Trouble("The user nobody is missing; run as a plain user instead.") from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def home_of(data: Path, name: str) -> Path:
    """The folder of the server `name`; outside of `data` when its user could not get there.

    The first decision is kept by a note in `data`, so that a later change of modes loses nothing.
    """
    inside, note = data / name, data / f"{name}.outside"
    outside = _outside(data) / name
    if note.exists():
        return outside
    if os.geteuid() != 0 or _passable(data):
        return inside
    if inside.exists():
        raise Trouble(f"Other users cannot enter {data}; allow it with chmod o+x on each folder.")
    _own(outside.parent)
    note.write_text("The files are outside: their user cannot enter this folder.\n")
    return outside


def settle(home: Path, account: Account | None) -> None:
    """Make the private folder of a server, owned by the user it runs as."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account is not None:
        os.chown(home, account.uid, account.gid)
    home.chmod(0o700)


def clear(data: Path) -> None:
    """Remove a data folder with everything that had to live outside of it."""
    outside = _outside(data)
    if any(data.glob("*.outside")) and _is_ours(outside):
        shutil.rmtree(outside)
    shutil.rmtree(data, ignore_errors=True)


def lend(root: Path, parts: Sequence[str]) -> Path:
    """A folder from which any user can run the programs in `root`/`parts`.

    That is `root` itself where possible, else a root-owned copy that later starts use again.
    """
    if os.geteuid() != 0 or all(_readable_by_all(root / part) for part in parts):
        return root
    made = "".join(f"{root / part}:{(root / part).stat().st_mtime_ns};" for part in parts)
    copy = OUTSIDE / f"plumbline-programs-{_digest(made)}"
    if not copy.exists():
        _copy(root, parts, copy)
    if not _is_ours(copy):
        raise Trouble(f"The folder {copy} does not belong to root; remove it.")
    return copy


def _copy(root: Path, parts: Sequence[str], copy: Path) -> None:
    """Copy to a private name first: a half-made copy must never be taken for a whole one."""
    half = copy.with_name(f"{copy.name}.{os.getpid()}")
    half.mkdir(mode=0o700)
    for part in parts:
        shutil.copytree(root / part, half / part, symlinks=True)
    for path in [half, *half.rglob("*")]:
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
    try:
        half.rename(copy)
    except OSError:
        shutil.rmtree(half)


def _outside(data: Path) -> Path:
    return OUTSIDE / f"plumbline-data-{_digest(str(data.resolve()))}"


def _own(folder: Path) -> None:
    folder.mkdir(mode=0o711, exist_ok=True)
    if not _is_ours(folder):
        raise Trouble(f"The folder {folder} does not belong to this user; remove it.")
    folder.chmod(0o711)


def _is_ours(folder: Path) -> bool:
    """True for a real folder of this user that no other user can write to."""
    if not os.path.lexists(folder):
        return False
    found = folder.lstat()
    return (
        stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
    )


def _passable(folder: Path) -> bool:
    """True when every user may pass through the folder and all folders above it."""
    real = folder.resolve()
    return all(part.stat().st_mode & stat.S_IXOTH for part in [real, *real.parents])


def _readable_by_all(tree: Path) -> bool:
    if not _passable(tree):
        return False
    return all(path.stat().st_mode & stat.S_IROTH for path in tree.rglob("*"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
