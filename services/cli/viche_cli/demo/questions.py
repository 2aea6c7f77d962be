"""The surveys of the demo: what they ask. The towns are invented, so are the answers."""

from __future__ import annotations

from viche_surveys.domain.definition import Definition, Group, Kind, Option, Order, Page, Question, Quota

Texts = tuple[str, str, str, str]
LANGUAGES = ("uk", "en", "bg", "ru")


def _text(words: Texts) -> dict[str, str]:
    return dict(zip(LANGUAGES, words, strict=True))


def _option(code: str, *words: str, is_exclusive: bool = False) -> Option:
    texts = words if len(words) == len(LANGUAGES) else words * len(LANGUAGES)
    return Option(code=code, label=dict(zip(LANGUAGES, texts, strict=True)), is_exclusive=is_exclusive)


def _question(name: str, kind: Kind, words: Texts, **fields: object) -> Question:
    return Question(name=name, kind=kind, label=_text(words), **fields)  # pyright: ignore[reportArgumentType]


_AGES = (
    _option("u18", "До 18", "Under 18", "Под 18", "До 18"),
    _option("18_34", "18–34"),
    _option("35_59", "35–59"),
    _option("60", "60 і більше", "60 or more", "60 и повече", "60 и больше"),
)
_OFTEN = (
    _option("1", "Дуже погано", "Very bad", "Много лошо", "Очень плохо"),
    _option("2", "Погано", "Bad", "Лошо", "Плохо"),
    _option("3", "Так собі", "So-so", "Така-така", "Так себе"),
    _option("4", "Добре", "Good", "Добре", "Хорошо"),
    _option("5", "Дуже добре", "Very good", "Много добре", "Очень хорошо"),
)

LIBRARY = Definition(
    languages=LANGUAGES,
    title=_text((
        "Якою має бути нова бібліотека?", "What should the new library be like?",
        "Каква да бъде новата библиотека?", "Какой должна быть новая библиотека?",
    )),
    introduction=_text((
        "Будинок на Шкільній, 4 стане бібліотекою. Скажіть, що в ній має бути, поки архітектор ще малює.",
        "The house at 4 School Street becomes a library. Tell us what it needs while the architect is drawing.",
        "Къщата на ул. „Училищна“ 4 става библиотека. Кажете какво да има в нея, докато архитектът още чертае.",
        "Дом на Школьной, 4 станет библиотекой. Скажите, что в ней должно быть, пока архитектор ещё рисует.",
    )),
    thanks=_text((
        "Дякуємо. Рада розгляне результати на відкритому засіданні.",
        "Thank you. The council will look at the results in an open meeting.",
        "Благодарим. Съветът ще разгледа резултатите на открито заседание.",
        "Спасибо. Совет рассмотрит результаты на открытом заседании.",
    )),
    pages=(
        Page(name="use", title=_text(("Як ви читаєте", "How you read", "Как четете", "Как вы читаете")), items=(
            _question("visits", Kind.SINGLE, (
                "Як часто ви буваєте в бібліотеці?", "How often do you visit a library?",
                "Колко често ходите в библиотека?", "Как часто вы бываете в библиотеке?",
            ), is_required=True, options=(
                _option("weekly", "Щотижня", "Every week", "Всяка седмица", "Каждую неделю"),
                _option("monthly", "Раз чи два на місяць", "Once or twice a month", "Веднъж-два пъти месечно",
                        "Раз или два в месяц"),
                _option("rarely", "Рідше", "Less often", "По-рядко", "Реже"),
                _option("never", "Ніколи", "Never", "Никога", "Никогда"),
            )),
            _question("why_never", Kind.TEXT, (
                "Що вам заважає?", "What keeps you away?", "Какво ви пречи?", "Что вам мешает?",
            ), relevant='visits == "never"', max_length=300),
            _question("books", Kind.NUMBER, (
                "Скільки книжок ви прочитали за рік?", "How many books did you read in a year?",
                "Колко книги прочетохте за една година?", "Сколько книг вы прочитали за год?",
            ), minimum=0, maximum=400, step=1, allows_dont_know=True),
        )),
        Page(name="wishes", title=_text(("Що потрібно", "What is needed", "Какво е нужно", "Что нужно")), items=(
            _question("rooms", Kind.MULTIPLE, (
                "Що має бути в новій бібліотеці?", "What should the new library have?",
                "Какво да има в новата библиотека?", "Что должно быть в новой библиотеке?",
            ), max_selected=3, order=Order.RANDOM, options=(
                _option("quiet", "Тиха зала", "A quiet room", "Тиха зала", "Тихий зал"),
                _option("children", "Дитячий куток", "A corner for children", "Детски кът", "Детский уголок"),
                _option("computers", "Комп’ютери", "Computers", "Компютри", "Компьютеры"),
                _option("cafe", "Кав’ярня", "A café", "Кафене", "Кофейня"),
                _option("workshop", "Майстерня", "A workshop", "Работилница", "Мастерская"),
                _option("none", "Нічого з цього", "None of these", "Нищо от тези", "Ничего из этого",
                        is_exclusive=True),
            )),
            _question("hours", Kind.MATRIX, (
                "Коли бібліотека має бути відчинена?", "When should the library be open?",
                "Кога да работи библиотеката?", "Когда библиотека должна быть открыта?",
            ), rows=(
                _option("workdays", "У будні", "On weekdays", "В делнични дни", "В будни"),
                _option("saturday", "У суботу", "On Saturdays", "В събота", "В субботу"),
                _option("sunday", "У неділю", "On Sundays", "В неделя", "В воскресенье"),
            ), options=(
                _option("morning", "Зранку", "In the morning", "Сутрин", "Утром"),
                _option("day", "Удень", "In the daytime", "През деня", "Днём"),
                _option("evening", "Увечері", "In the evening", "Вечер", "Вечером"),
            )),
            _question("first", Kind.RANKING, (
                "Що зробити спершу?", "What should be done first?",
                "Какво да се направи първо?", "Что сделать сначала?",
            ), options=(
                _option("roof", "Дах", "The roof", "Покрива", "Крышу"),
                _option("ramp", "Пандус і ліфт", "A ramp and a lift", "Рампа и асансьор", "Пандус и лифт"),
                _option("garden", "Садок", "The garden", "Градината", "Сад"),
            )),
            _question("worth", Kind.SCALE, (
                "Наскільки це важливо для громади?", "How important is this for the community?",
                "Колко важно е това за общината?", "Насколько это важно для общины?",
            ), minimum=1, maximum=7, step=1,
                low_label=_text(("Зовсім не важливо", "Not at all", "Изобщо не", "Совсем не важно")),
                high_label=_text(("Дуже важливо", "Very important", "Много важно", "Очень важно"))),
            _question("idea", Kind.TEXT, (
                "Що ще ви порадите архітекторові?", "What else would you tell the architect?",
                "Какво още ще посъветвате архитекта?", "Что ещё вы посоветуете архитектору?",
            ), is_long=True, max_length=1000),
        )),
        Page(name="about", title=_text(("Про вас", "About you", "За вас", "О вас")), items=(
            _question("age", Kind.SINGLE, (
                "Скільки вам років?", "How old are you?", "На колко години сте?", "Сколько вам лет?",
            ), options=_AGES),
            _question("place", Kind.TERRITORY, (
                "Де ви живете?", "Where do you live?", "Къде живеете?", "Где вы живёте?",
            )),
        )),
    ),
)  # fmt: skip

ROADS = Definition(
    languages=LANGUAGES,
    title=_text((
        "Які дороги лагодити навесні?", "Which roads should be mended in spring?",
        "Кои пътища да се поправят напролет?", "Какие дороги чинить весной?",
    )),
    pages=(
        Page(name="roads", items=(
            _question("state", Kind.LIKERT, (
                "У якому стані дороги біля вашого дому?", "What are the roads near your home like?",
                "В какво състояние са пътищата до дома ви?", "В каком состоянии дороги у вашего дома?",
            ), options=_OFTEN, is_required=True, allows_dont_know=True),
            _question("street", Kind.SINGLE, (
                "Яку вулицю зробити першою?", "Which street comes first?", "Коя улица да е първа?",
                "Какую улицу сделать первой?",
            ), options=(
                _option("school", "Шкільна", "School Street", "Училищна", "Школьная"),
                _option("mill", "Млинова", "Mill Street", "Мелнична", "Мельничная"),
                _option("river", "Набережна", "River Street", "Крайречна", "Набережная"),
                _option("station", "Вокзальна", "Station Street", "Гарова", "Вокзальная"),
            )),
            _question("where", Kind.LOCATION, (
                "Де найгірша яма?", "Where is the worst hole?", "Къде е най-лошата дупка?", "Где самая плохая яма?",
            )),
            _question("way", Kind.MULTIPLE, (
                "Як ви пересуваєтеся?", "How do you get about?", "Как се придвижвате?", "Как вы передвигаетесь?",
            ), options=(
                _option("foot", "Пішки", "On foot", "Пеша", "Пешком"),
                _option("bicycle", "Велосипедом", "By bicycle", "С велосипед", "На велосипеде"),
                _option("bus", "Автобусом", "By bus", "С автобус", "На автобусе"),
                _option("car", "Автомобілем", "By car", "С кола", "На автомобиле"),
            )),
            _question("age", Kind.SINGLE, (
                "Скільки вам років?", "How old are you?", "На колко години сте?", "Сколько вам лет?",
            ), options=_AGES),
        )),
    ),
)  # fmt: skip

SQUARE = Definition(
    languages=LANGUAGES,
    title=_text((
        "Як назвати нову площу?", "What should the new square be called?",
        "Как да се казва новият площад?", "Как назвать новую площадь?",
    )),
    introduction=_text((
        "Питаємо мешканців, кожного один раз.", "We ask residents, each of them once.",
        "Питаме жителите, всеки по веднъж.", "Спрашиваем жителей, каждого один раз.",
    )),
    pages=(
        Page(name="name", items=(
            _question("square", Kind.SINGLE, (
                "Виберіть назву", "Choose a name", "Изберете име", "Выберите название",
            ), is_required=True, options=(
                _option("lime", "Липова", "Lime Tree Square", "Липов", "Липовая"),
                _option("assembly", "Вічева", "Assembly Square", "Вечев", "Вечевая"),
                _option("masters", "Майстрів", "Masters’ Square", "На майсторите", "Мастеров"),
            )),
            Group(name="walk", items=(
                _question("reason", Kind.TEXT, (
                    "Чому саме так?", "Why this one?", "Защо точно така?", "Почему именно так?",
                ), max_length=300),
            )),
        )),
    ),
    quotas=(Quota(name="hall", condition='square == "masters"', limit=10_000),),
)  # fmt: skip
