"""Shapes of surveys, for the API's document; the answers are made by :mod:`viche_gateway.api.survey_values`."""

from marshmallow import Schema, fields

from viche_gateway.api.saying import moment, said, texts


def _maybe(what: str) -> fields.String:
    return fields.String(allow_none=True, **said(f"{what}; null: none."))


def _figure(what: str) -> fields.Float:
    return fields.Float(allow_none=True, **said(f"{what}; null: no bound."))


def _cel(what: str) -> fields.String:
    return fields.String(allow_none=True, **said(f"CEL over the answers: {what}; null: none."))


class SurveyShape(Schema):
    """A survey."""

    id = fields.UUID(**said("UUID."))
    number = fields.Integer(**said("Public number."))
    authority_id = fields.UUID(allow_none=True, **said("Who asks."))
    state = fields.String(**said("Where it stands.", enum=["scheduled", "open", "closed"]))
    title = texts("Title")
    introduction = texts("Introduction")
    thanks = texts("What people read when they have answered")
    languages = fields.List(fields.String(), **said("Those it is asked in; texts fall back to the first."))
    admission = fields.String(
        **said("Who may answer: everybody, once per link, once per person.", enum=["open", "link", "person"])
    )
    min_assurance = fields.String(allow_none=True, **said("How surely a person must be known; null: any."))
    territory_code = fields.String(allow_none=True, **said("Where a person must live; null: anywhere."))
    needs_human_check = fields.Boolean(
        **said("Whether who is not signed in had better send a solved challenge of `/altcha/challenge`.")
    )
    opens_at = moment("When it opens by itself", nullable=True)
    closes_at = moment("When it closes by itself", nullable=True)
    opened_at = moment("When it opened", nullable=True)
    closed_at = moment("When it closed", nullable=True)
    updated_at = moment("When it changed last", nullable=True)
    version = fields.Integer(**said("Version of its questions."))
    question_count = fields.Integer(**said("How many questions."))
    page_count = fields.Integer(**said("On how many pages."))
    response_count = fields.Integer(allow_none=True, **said("Answers that are published; null: fewer than k."))
    k = fields.Integer(**said("No published number stands for fewer answers."))
    shows_results = fields.Boolean(**said("Whether everybody may see results now, if there are enough answers."))


class SurveyPageShape(Schema):
    """A page of surveys."""

    surveys = fields.List(
        fields.Nested(SurveyShape), **said("Open ones that close soonest first, then closed ones, the latest first.")
    )
    next_page_token = fields.String(allow_none=True, **said("Of the page after; null on the last."))


class SurveyOptionShape(Schema):
    """An option of a question, or a row of a matrix."""

    code = fields.String(**said("What is sent."))
    label = fields.String(**said("What people read."))
    is_exclusive = fields.Boolean(**said("Chosen alone."))
    is_offered = fields.Boolean(**said("Whether the answers so far let it be chosen."))
    attributes = fields.Dict(keys=fields.String(), values=fields.String(), **said("What `option_filter` may ask for."))


class SurveyFaultShape(Schema):
    """What is wrong with an answer."""

    field = fields.String(**said("Name of the form field."))
    reason = fields.String(**said("Stable reason."))
    detail = fields.String(**said("The same for people."))


class SurveyQuestionShape(Schema):
    """A question as it is shown now. Texts are in one language, with values filled in."""

    field = fields.String(**said("Name of its form field; in a repeat `GROUP.0.NAME`."))
    name = fields.String(**said("Name of the question: its key in answers as JSON."))
    kind = fields.String(
        **said(
            "single, multiple, matrix, ranking, scale, likert, number, text, date, time, datetime, email, phone, "
            "territory, location, file, consent or note."
        )
    )
    label = fields.String(**said("The question."))
    hint = _maybe("Help for the answer")
    unit = _maybe("Unit of a number")
    low_label = _maybe("What the least value of a scale means")
    high_label = _maybe("What the greatest value of a scale means")
    earliest = _maybe("First date or time")
    latest = _maybe("Last date or time")
    relevant = _cel("whether it is asked")
    constraint = _cel("whether its answer is right")
    required_if = _cel("whether it must be answered")
    option_filter = _cel("which options are offered")
    label_template = _maybe("The label with its expressions, where it takes answers of the same page")
    constraint_message = _maybe("What people are told when the constraint does not hold")
    minimum = _figure("Least number")
    maximum = _figure("Greatest number")
    step = _figure("Step of numbers")
    min_selected = _figure("Fewest options")
    max_selected = _figure("Most options")
    min_length = _figure("Fewest characters")
    max_length = _figure("Most characters")
    is_required = fields.Boolean(**said("Whether it must be answered as things stand."))
    is_hidden = fields.Boolean(**said("Whether the answers so far hide it."))
    is_multiple = fields.Boolean(**said("Whether a matrix takes several options per row."))
    is_long = fields.Boolean(**said("Whether a text has several lines."))
    allows_dont_know = fields.Boolean(**said('Whether "I don\'t know" is offered.'))
    options = fields.List(fields.Nested(SurveyOptionShape), **said("In the order in which they are shown."))
    rows = fields.List(fields.Nested(SurveyOptionShape), **said("Rows of a matrix."))
    filled = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), **said("What is filled in, by form field.")
    )
    faults = fields.List(fields.Nested(SurveyFaultShape), **said("What is wrong with it."))


class SurveyItemShape(Schema):
    """A question or a group: one of the two is null."""

    question = fields.Nested(SurveyQuestionShape, allow_none=True, **said("A question."))
    group = fields.Nested(lambda: SurveyGroupShape(), allow_none=True, **said("A group."))


class SurveyGroupShape(Schema):
    """Questions that belong together; a repeat has them several times."""

    name = fields.String(**said("Its name; in form fields of a repeat the prefix."))
    label = _maybe("Heading")
    hint = _maybe("Help")
    relevant = _cel("whether it is asked")
    is_hidden = fields.Boolean(**said("Whether the answers so far hide it."))
    is_repeat = fields.Boolean(**said("Whether it is a repeat; then `NAME.count` says how many there are."))
    can_add = fields.Boolean(**said("Whether one more may be added."))
    can_remove = fields.Boolean(**said("Whether one may be taken away."))
    instances = fields.List(
        fields.List(fields.Nested(SurveyItemShape)), **said("What it holds: once, or as often as it is repeated.")
    )


class SurveyFormPageShape(Schema):
    """A page of a form."""

    name = fields.String(**said("Its name."))
    title = _maybe("Heading")
    relevant = _cel("whether it is shown")
    is_hidden = fields.Boolean(**said("Whether that hides it while nothing is answered."))
    items = fields.List(fields.Nested(SurveyItemShape), **said("What is asked."))


class SurveyFormShape(Schema):
    """The whole form of a survey, for those who draw it."""

    number = fields.Integer(**said("Public number of the survey."))
    version = fields.Integer(**said("Version of its questions: send it back."))
    seed = fields.Integer(**said("Order of what is shuffled: send it back."))
    language = fields.String(**said("Language of the texts."))
    languages = fields.List(fields.String(), **said("Languages of the survey."))
    title = fields.String(**said("Title."))
    introduction = _maybe("Introduction")
    needs_sign_in = fields.Boolean(**said("Whether only people with a session can answer."))
    needs_human_check = fields.Boolean(**said("Whether who has no session had better send a solved challenge."))
    pages = fields.List(fields.Nested(SurveyFormPageShape), **said("All pages in their order."))


class SurveyAnswerPageShape(Schema):
    """A page of an answer that is under way."""

    number = fields.Integer(**said("Public number of the survey."))
    version = fields.Integer(**said("Version of its questions: send it back."))
    seed = fields.Integer(**said("Order of what is shuffled: send it back."))
    name = fields.String(**said("Its name: send it back as `page`."))
    title = _maybe("Heading")
    language = fields.String(**said("Language of the texts."))
    position = fields.Integer(**said("Among the pages that the answers so far show, from 1."))
    count = fields.Integer(**said("How many these are."))
    is_last = fields.Boolean(**said("Whether sending it sends the whole answer."))
    previous = _maybe("Name of the page before")
    has_more = fields.Boolean(**said("Whether questions appeared because of what was answered on it."))
    expires_at = moment("Until when what was answered is kept", nullable=True)
    items = fields.List(fields.Nested(SurveyItemShape), **said("What is asked."))


class SurveyDraftShape(Schema):
    """Where an answer stands that goes page by page."""

    token = fields.String(allow_none=True, **said("Secret of the draft; null when the answer was sent."))
    page = fields.Nested(
        SurveyAnswerPageShape, allow_none=True, **said("What is shown next; null when the answer was sent.")
    )
    has_faults = fields.Boolean(**said("Whether faults keep the page."))
    response_id = fields.UUID(allow_none=True, **said("Of the answer when it was sent; else null."))


class SurveyResponseShape(Schema):
    """An answer that is counted."""

    id = fields.UUID(**said("UUID of the answer."))
    survey_number = fields.Integer(**said("Public number of the survey."))


class ResultCellShape(Schema):
    """A count. What fewer than k answers would tell is null."""

    row = fields.String(**said("Row of a matrix, option of a ranking; else empty."))
    row_label = texts("Label of the row")
    code = fields.String(**said("Code of the option, value of a scale, place of a ranking from 1."))
    label = texts("Label of the option")
    count = fields.Integer(allow_none=True, **said("How many."))
    share = fields.Float(allow_none=True, **said("Share of those who answered the question, 0 to 1."))
    share_low = fields.Float(allow_none=True, **said("Lower end of its 95 % interval (Wilson)."))
    share_high = fields.Float(allow_none=True, **said("Upper end."))


class ResultMomentsShape(Schema):
    """What numbers have in common."""

    count = fields.Integer(allow_none=True, **said("How many numbers."))
    mean = fields.Float(**said("Mean."))
    deviation = fields.Float(**said("Standard deviation."))
    mean_low = fields.Float(allow_none=True, **said("Lower end of the mean's 95 % interval."))
    mean_high = fields.Float(allow_none=True, **said("Upper end."))


class ResultQuestionShape(Schema):
    """Numbers of a question."""

    name = fields.String(**said("Name of the question."))
    kind = fields.String(**said("Its kind."))
    label = texts("The question")
    answered = fields.Integer(allow_none=True, **said("How many answered it."))
    dont_know = fields.Integer(allow_none=True, **said("How many said that they do not know."))
    cells = fields.List(fields.Nested(ResultCellShape), **said("Counts."))
    moments = fields.Nested(ResultMomentsShape, allow_none=True, **said("Of numbers and scales."))


class PollOptionShape(Schema):
    """An option of a poll."""

    text = fields.String(**said("As it was worded there."))
    code = fields.String(**said("The option of the survey that it repeats; may be empty."))
    votes = fields.Integer(**said("Votes."))


class PollShape(Schema):
    """A poll on a platform: never verified, never added to the answers."""

    platform = fields.String(**said("Where it ran."))
    poll_id = fields.String(**said("Its id there."))
    url = fields.String(**said("Its address; may be empty."))
    question = fields.String(**said("The question that it repeats; may be empty."))
    taken_at = moment("When the counts were taken", nullable=True)
    voters = fields.Integer(allow_none=True, **said("People who voted, where the platform tells."))
    options = fields.List(fields.Nested(PollOptionShape), **said("Its options."))


class ResultDayShape(Schema):
    """Answers by day."""

    day = fields.String(**said("YYYY-MM-DD in the region's time zone."))
    responses = fields.Integer(allow_none=True, **said("How many."))


class ResultsShape(Schema):
    """Results as everybody may see them: the same numbers as on the page."""

    survey = fields.Integer(**said("Public number of the survey."))
    title = texts("Title of the survey")
    responses = fields.Integer(**said("Answers that the numbers are made from."))
    at = moment("Of when they are", nullable=True)
    k = fields.Integer(**said("No number stands for fewer answers."))
    is_withheld = fields.Boolean(**said("Whether there are too few answers to show any number."))
    questions = fields.List(fields.Nested(ResultQuestionShape), **said("In the order of the survey."))
    polls = fields.List(fields.Nested(PollShape), **said("Polls that ran on platforms, beside the answers."))
    days = fields.List(fields.Nested(ResultDayShape), **said("Sums by day."))
