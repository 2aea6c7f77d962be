"""Where officers write surveys, open and close them.

A definition is JSON here: the surveys service says what is wrong with it, ``editing.py`` changes it.
"""
