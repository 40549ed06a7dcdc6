"""Pictures: looked at, cleaned, kept under a name made of their content, and served."""

from kitchenasty.media.pictures import PictureRefused
from kitchenasty.media.service import UPLOADS, keep_picture, keep_ready_picture

__all__ = ["UPLOADS", "PictureRefused", "keep_picture", "keep_ready_picture"]
