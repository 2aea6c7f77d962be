"""The rules of messages, bounces and digests. Pure: time is an argument."""
