"""Rules of identity; pure."""
