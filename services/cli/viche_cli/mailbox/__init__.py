"""The mail catcher: takes every mail by SMTP, keeps the newest as files, and shows them on pages of its own."""
