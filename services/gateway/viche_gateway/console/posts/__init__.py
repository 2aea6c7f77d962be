"""Where officers write posts, approve each other's, and see what became of them on each platform.

A post is written step by step; each step saves its part at once, so nothing waits in a browser.
"""
