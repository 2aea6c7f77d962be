"""Where officers write public events, show them to everybody, and look after who comes.

An event is written step by step; each step saves its part at once, so nothing waits in a browser.
"""
