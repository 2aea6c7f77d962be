"""Tests that walk through the portal in a browser."""

from playwright.sync_api import expect

# the five seconds of Playwright are too few where other tests keep the processors busy
expect.set_options(timeout=15_000)
