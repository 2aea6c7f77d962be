"""Results of surveys for the eye: what is said of each question, as bars on a page, as a picture, as data."""
