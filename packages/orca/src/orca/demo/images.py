"""The two versions that the demo deploys: a page that says which version and which container, once
more as text for who asks by the command line.
"""

from __future__ import annotations

from orca.testing import PORT, RealEngine, make_image

COLOURS = {1: "#1d4ed8", 2: "#15803d"}
"""By the versions, so that a glance says which answered. White is easy to read on each."""
NAME = "demo/web"
TEXT = "version"
PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="2">
<title>Version {version} on Orca</title>
<style>
  body {{ margin: 0; min-height: 100vh; display: grid; place-content: center; gap: 1rem;
    padding: 1rem; box-sizing: border-box; text-align: center;
    font: 1.1rem/1.5 system-ui, sans-serif; background: {colour}; color: #fff }}
  h1 {{ margin: 0; font-size: clamp(3rem, 15vw, 7rem); line-height: 1 }}
  p {{ margin: 0; max-width: 34rem }}
  code {{ font-size: 1.4rem }}
</style>
<h1>Version {version}</h1>
<p>from the container <code>$name</code></p>
<p>The page asks again every two seconds, and another container may answer. Change the version in
the file, deploy it, and watch: no request is lost.</p>
"""


def load_images(engine: RealEngine) -> None:
    """Into an engine, as a registry would give them."""
    for version in COLOURS:
        make_image(engine, f"{NAME}:{version}", ("/bin/sh", "-c", serving(version)))


def serving(version: int) -> str:
    page = PAGE.format(version=version, colour=COLOURS[version])
    return f"""\
name=$(cat /etc/hostname)
cat > /tmp/index.html <<END
{page}END
echo "Version {version}, from the container $name" > /tmp/{TEXT}
cat /tmp/{TEXT}
echo ok > /tmp/healthz
exec /bin/httpd -f -p {PORT} -h /tmp
"""
