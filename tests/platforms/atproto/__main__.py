"""Builds the network into the cache, behind whatever else the machine does."""

import os
import sys

from tests.platforms.atproto import build
from tools.gotools import Missing

os.nice(10)
try:
    build()
except Missing as error:
    print(f"Could not build the AT Protocol's network ({error}); the tests that need it will say so.", file=sys.stderr)
    sys.exit(1)
