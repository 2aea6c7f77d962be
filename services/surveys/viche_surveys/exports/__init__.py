"""Answers as data: columns of a survey, files of them in several formats, and codebooks."""
