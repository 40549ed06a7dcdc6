"""What names, domains and paths look like; each type says its bounds to reader and schema."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

LABEL = r"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$"
_PART = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = rf"^({_PART}\.)*{_PART}$"
ADDRESS = r"^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$"
ROUTE = r"^/([A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*)?$"
ABSOLUTE = r"^(/[^/\x00-\x1f:]+)+$"
INSIDE = r"^[^/\x00-\x1f\\-][^\x00-\x1f\\]*$"
IMAGE = r"^[A-Za-z0-9][A-Za-z0-9._/:@-]*$"
SECRET_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,63}"  # noqa: S105 - what one is called
VALUE_BYTES_MAX = 65_536
"""Of a secret."""
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"
PROBED = r"^/[\x21-\x7e]*$"
MAIL = r"^[^@\s]+@[^@\s]+$"
LABEL_KEY = r"^[a-z0-9]([a-z0-9./-]{0,60}[a-z0-9])?$"
LABEL_VALUE = r"^[A-Za-z0-9._-]{1,63}$"
NETWORK = r"^[0-9a-f:.]{2,45}(/[0-9]{1,3})?$"
WEB = r"^https://[^\s]+$"
PLAIN = r"^[^\x00-\x1f\x7f]+$"

Name = Annotated[
    str,
    Meta(
        pattern=LABEL,
        max_length=40,
        description="Small letters, digits and hyphens; a letter first, no hyphen last.",
    ),
]
Dependency = Annotated[
    str,
    Meta(
        pattern=rf"^({LABEL[1:-1]}/)?{LABEL[1:-1]}$",
        max_length=81,
        description="A service of the same project, or `project/service`.",
    ),
]
Host = Annotated[
    str,
    Meta(pattern=HOST, max_length=253, description="A domain in small letters, like a.example."),
]
Address = Annotated[
    str, Meta(pattern=ADDRESS, max_length=253, description="A host or an IP address.")
]
Route = Annotated[
    str,
    Meta(pattern=ROUTE, max_length=200, description="A path like /api; it holds what is below it."),
]
AbsolutePath = Annotated[
    str, Meta(pattern=ABSOLUTE, max_length=400, description="A path that begins with a slash.")
]
InsidePath = Annotated[
    str,
    Meta(pattern=INSIDE, max_length=400, description="A path below the folder of this file."),
]
Image = Annotated[
    str,
    Meta(pattern=IMAGE, max_length=300, description="A reference like myorg/api:1.4 or by digest."),
]
Variable = Annotated[
    str,
    Meta(
        pattern=VARIABLE,
        max_length=128,
        description="Letters, digits and underscores; no digit first.",
    ),
]
Plain = Annotated[str, Meta(pattern=PLAIN, max_length=400, description="A text on one line.")]
Probed = Annotated[
    str, Meta(pattern=PROBED, max_length=400, description="A path like /healthz, without spaces.")
]
Network = Annotated[
    str,
    Meta(pattern=NETWORK, max_length=49, description="A network like 10.0.0.0/8, or one address."),
]
Web = Annotated[
    str, Meta(pattern=WEB, max_length=400, description="An address that begins with https://.")
]
Mail = Annotated[
    str, Meta(pattern=MAIL, max_length=254, description="An address like ops@a.example.")
]
SecretReference = Annotated[
    str,
    Meta(
        pattern=rf"^\$\{{secrets\.{SECRET_NAME}\}}$",
        max_length=80,
        description="A secret of the cluster, like ${secrets.SMTP_PASSWORD}.",
    ),
]
WebTarget = Annotated[
    str,
    Meta(
        pattern=rf"^(https?://[\x21-\x7e]+|\$\{{secrets\.{SECRET_NAME}\}})$",
        max_length=2_000,
        description="An address like https://a.example/x, or a secret of the cluster that is one.",
    ),
]
LabelKey = Annotated[
    str,
    Meta(
        pattern=LABEL_KEY,
        max_length=62,
        description="Small letters, digits, dots, slashes and hyphens.",
    ),
]
LabelValue = Annotated[
    str,
    Meta(
        pattern=LABEL_VALUE,
        max_length=63,
        description="Letters, digits, dots, underscores and hyphens.",
    ),
]
