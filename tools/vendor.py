"""Fetches the files that browsers load, exact versions by package name, and writes vendor.lock.

Run by a maintainer (`make vendor`), never when installing or testing: the files are in the
repository. A version that is in the lock already must give the same bytes again, or nothing is
written. Needs npm; its client knows where packages come from.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "vendor.lock"
STATIC = "packages/basis/src/basis/kit/pages/static"
SHIPPED = f"{STATIC}/vendor"
FOR_TESTS = "tests/assets"


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    licence: str
    files: dict[str, str]
    """Path inside the package -> path in the repository."""


PACKAGES = (
    Package(
        "htmx.org",
        "4.0.1",
        "0BSD",
        {
            "dist/htmx.min.js": f"{SHIPPED}/htmx.min.js",
            "dist/ext/hx-csp.min.js": f"{SHIPPED}/hx-csp.min.js",
            "dist/ext/hx-sse.min.js": f"{SHIPPED}/hx-sse.min.js",
        },
    ),
    Package(
        "preact",
        "11.2.0",
        "MIT",
        {
            "dist/preact.mjs": f"{SHIPPED}/preact.mjs",
            "hooks/dist/hooks.mjs": f"{SHIPPED}/hooks.mjs",
        },
    ),
    Package(
        "@preact/signals-core",
        "1.14.5",
        "MIT",
        {"dist/signals-core.mjs": f"{SHIPPED}/signals-core.mjs"},
    ),
    Package("@preact/signals", "2.11.4", "MIT", {"dist/signals.mjs": f"{SHIPPED}/signals.mjs"}),
    Package("htm", "3.1.1", "Apache-2.0", {"dist/htm.module.js": f"{SHIPPED}/htm.mjs"}),
    Package("axe-core", "4.14.1", "MPL-2.0", {"axe.min.js": f"{FOR_TESTS}/axe.min.js"}),
    Package(
        "socket.io-client",
        "4.8.1",
        "MIT",
        {"dist/socket.io.min.js": f"{FOR_TESTS}/socket.io.min.js"},
    ),
)

# A browser resolves no bare names without an import map, and an inline import map is an inline
# script, which our Content-Security-Policy forbids.
MODULES = {
    "preact": "./preact.mjs",
    "preact/hooks": "./hooks.mjs",
    "@preact/signals-core": "./signals-core.mjs",
}

ICON_PACKAGE = Package("lucide-static", "1.62.0", "ISC", {})
ICON_SPRITE = f"{STATIC}/icons.svg"
ICONS = """
    alarm-clock arrow-left arrow-right ban bell bell-off bike book-open calendar calendar-clock
    camera check chef-hat chevron-down chevron-left chevron-right chevron-up circle-alert
    circle-check circle-x clipboard-list clock coffee copy credit-card download ellipsis eye
    eye-off fish flame globe grip-vertical hand-coins heart history house image info key-round
    languages layout-dashboard leaf link list list-filter loader-circle lock log-in log-out mail
    map-pin maximize menu message-circle minus moon package pause pencil percent phone pizza play
    plus printer receipt refresh-cw rotate-ccw salad save search send settings shield shopping-bag
    shopping-cart soup star store sun timer trash-2 triangle-alert truck undo-2 upload user users
    utensils vegan volume-2 volume-x wallet wheat wifi wifi-off wine x
""".split()

SVG = "{http://www.w3.org/2000/svg}"


def main() -> None:
    known = {entry["file"]: entry for entry in read_lock()}
    with tempfile.TemporaryDirectory() as folder:
        fetched = dict(fetch_all(Path(folder)))
    entries = [entry for entry, _ in fetched.values()]
    refuse_changed_bytes(known, entries)
    for path, (_, content) in fetched.items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    LOCK.write_text(json.dumps({"files": entries}, indent=2) + "\n", encoding="utf-8")
    print(f"{len(entries)} files from {len(PACKAGES) + 1} packages are as vendor.lock says.")


def read_lock() -> list[dict[str, str]]:
    if not LOCK.exists():
        return []
    files: list[dict[str, str]] = json.loads(LOCK.read_text(encoding="utf-8"))["files"]
    return files


def fetch_all(folder: Path) -> list[tuple[str, tuple[dict[str, str], bytes]]]:
    """Every file with its lock entry, licences of each folder gathered in one more file."""
    found = []
    licences: dict[str, list[str]] = {SHIPPED: [], FOR_TESTS: [], STATIC: []}
    for package in (*PACKAGES, ICON_PACKAGE):
        unpacked = unpack(package, folder)
        files = {
            target: browser_ready((unpacked / source).read_text(encoding="utf-8"))
            for source, target in package.files.items()
        }
        if package is ICON_PACKAGE:
            files[ICON_SPRITE] = sprite(unpacked / "icons")
        for target, text in files.items():
            found.append((target, locked(target, package, text.encode())))
        licences[str(Path(next(iter(files))).parent)].append(licence_of(package, unpacked))
    write_licences(licences)
    return found


def unpack(package: Package, folder: Path) -> Path:
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    archive = folder / done.stdout.split()[-1]
    target = folder / archive.stem
    with tarfile.open(archive) as packed:
        packed.extractall(target, filter="data")
    return target / "package"


def browser_ready(text: str) -> str:
    """Bare imports become paths beside the file; source maps are not shipped, nor pointed at."""
    text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
    for bare, path in MODULES.items():
        text = re.sub(rf"""(\bfrom\s*|\bimport\s*)(["']){bare}\2""", rf"\1\2{path}\2", text)
    return text


def sprite(folder: Path) -> str:
    """One SVG with a `<symbol>` an icon, drawn in the colour of the text around it."""
    symbols = "\n".join(symbol(name, folder / f"{name}.svg") for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def symbol(name: str, path: Path) -> str:
    shapes = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314  from the pinned package
    drawn = "".join(
        f"<{shape.tag.removeprefix(SVG)}"
        + "".join(f' {key}="{value}"' for key, value in shape.attrib.items())
        + "/>"
        for shape in shapes
    )
    line = 'fill="none" stroke="currentColor" stroke-width="2"'
    ends = 'stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {line} {ends}>{drawn}</symbol>'


def locked(target: str, package: Package, content: bytes) -> tuple[dict[str, str], bytes]:
    entry = {
        "file": target,
        "package": package.name,
        "version": package.version,
        "sha256": hashlib.sha256(content).hexdigest(),
        "licence": package.licence,
    }
    return entry, content


def refuse_changed_bytes(known: dict[str, dict[str, str]], entries: list[dict[str, str]]) -> None:
    """The same version with other bytes is an accident or an attack; an icon list may change."""
    changed = [
        entry["file"]
        for entry in entries
        if entry["file"] != ICON_SPRITE
        and (before := known.get(entry["file"]))
        and before["version"] == entry["version"]
        and before["sha256"] != entry["sha256"]
    ]
    if changed:
        sys.exit(f"Nothing was written: the same version came with other bytes: {changed}")


def licence_of(package: Package, unpacked: Path) -> str:
    texts = sorted(path for path in unpacked.iterdir() if path.name.upper().startswith("LICEN"))
    text = texts[0].read_text(encoding="utf-8").strip() if texts else package.licence
    return f"{package.name} {package.version} ({package.licence})\n\n{text}\n"


def write_licences(licences: dict[str, list[str]]) -> None:
    rule = "\n" + "-" * 72 + "\n\n"
    for folder, texts in licences.items():
        name = "icons.LICENSE.txt" if folder == STATIC else "LICENSES.txt"
        (ROOT / folder).mkdir(parents=True, exist_ok=True)
        (ROOT / folder / name).write_text(rule.join(texts), encoding="utf-8")


if __name__ == "__main__":
    main()
