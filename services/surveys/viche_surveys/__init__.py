"""Surveys: definitions, answers, results."""
