"""What pages may load and run: ours and nothing else, nothing that stands inside a page."""

from __future__ import annotations

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; media-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    # Only static/js/trust.js may turn a text into markup or the address of a worker.
    "require-trusted-types-for 'script'; trusted-types house"
)
