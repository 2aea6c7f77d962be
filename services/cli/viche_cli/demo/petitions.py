"""Petitions of the demo region that collect or wait, written by us."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Stage(Enum):
    """How far a petition of the demo goes."""

    DRAFT = "draft"
    SPONSORING = "sponsoring"
    SUBMITTED = "submitted"
    OPEN = "open"
    CLOSED = "closed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class DemoPetition:
    """A petition; `key` makes its request ids, `authority` is a slug, `signatures` how many people sign.

    `removed` of them are taken out of the count again, `on_paper` are added by officers, `against` others vote against.
    """

    key: str
    language: str
    authority: str
    title: str
    background: str
    details: str = ""
    stage: Stage = Stage.OPEN
    signatures: int = 0
    workflow: str = "petition-local"
    removed: int = 0
    on_paper: int = 0
    against: int = 0


COLLECTED = (
    DemoPetition(
        "minutes",
        "en",
        "verbiv",
        "Publish the minutes of council meetings within a week",
        "The minutes of the spring meetings came out in autumn. Whoever wants to speak to a decision has to know what "
        "was decided while it can still be changed.",
        "We ask the council to publish agenda, votes and minutes as text that can be searched, within seven days.",
        Stage.SUBMITTED,
    ),
    DemoPetition(
        "waste",
        "bg",
        "soniachne",
        "Разделно събиране на отпадъци в малките населени места",
        "В селото има само общи контейнери. Хартията, стъклото и пластмасата отиват на сметището, макар че камионът за "
        "разделно събиране минава на два километра оттук.",
        "Молим да се поставят три контейнера до магазина и да се обяви график за извозване.",
        Stage.SUBMITTED,
    ),
    DemoPetition(
        "cycling",
        "ru",
        "verbiv",
        "Велосипедная дорожка от вокзала до рынка",
        "От вокзала до рынка два километра, и почти весь путь проходит по обочине без освещения.",
        stage=Stage.DRAFT,
    ),
    DemoPetition(
        "evening-clinic",
        "ru",
        "kalynove",
        "Вернуть вечерний приём в поликлинике",
        "Кто работает до шести, не может попасть к врачу без отпуска. Раньше по вторникам и четвергам приём шёл до "
        "восьми, и очередь была короче во все остальные дни.",
        "Просим вернуть вечерний приём хотя бы два раза в неделю.",
        Stage.CLOSED,
        9,
    ),
    DemoPetition(
        "playground",
        "ru",
        "verbiv",
        "Сделать детскую площадку на улице Речной доступной для всех детей",
        "На площадку ведут три ступени, а песок не держит колёса. Дети на колясках смотрят на игру из-за ограды.",
        "Просим устроить пологий вход, твёрдую дорожку и хотя бы одни качели, на которых можно сидеть вдвоём.",
        signatures=33,
    ),
    DemoPetition(
        "garden",
        "bg",
        "kalynove",
        "Да се възстанови градинката до читалището",
        "Градинката до читалището беше място за срещи на три поколения. След ремонта на водопровода останаха изкопи и "
        "две счупени пейки.",
        "Предлагаме съседите да засадят цветята сами, ако общината изравни терена и върне осветлението.",
        signatures=17,
    ),
    DemoPetition(
        "station-light",
        "bg",
        "verbiv",
        "Осветление по пътя към гарата",
        "Първият влак тръгва в пет и половина, последният пристига след десет. През зимата хората вървят по платното с "
        "фенерчета, защото лампите по пътя към гарата не светят.",
        signatures=58,
    ),
    DemoPetition(
        "bus-data",
        "uk",
        "dibrova",
        "Зробити розклад приміських автобусів відкритими даними",
        "Розклад висить на автостанції, але змінюється частіше, ніж оновлюється табличка. Люди чекають на автобус, "
        "якого вже немає.",
        "Просимо оприлюднювати розклад і зміни до нього у форматі GTFS, щоб його бачили в будь-якому застосунку.",
        signatures=131,
        removed=8,
    ),
    DemoPetition(
        "ramps",
        "uk",
        "kalynove",
        "Пандуси в усіх амбулаторіях громади",
        "Із чотирьох амбулаторій громади пандус має одна. Люди з кріслами колісними, батьки з візочками й ті, хто "
        "відновлюється після поранення, чекають на ганку, поки хтось вийде.",
        "Просимо скласти перелік будівель, визначити черговість і почати з тієї, до якої ходить найбільше людей.",
        signatures=44,
    ),
    DemoPetition(
        "trees",
        "uk",
        "verbiv",
        "Посадити дерева вздовж вулиці Соборної",
        "Улітку на Соборній немає жодного затінку від площі до ринку. Старі липи зрізали, нових не посадили.",
        "Просимо посадити не менше сорока дерев місцевих порід і закріпити, хто їх поливає перші три роки.",
        signatures=12,
    ),
    DemoPetition(
        "bridge",
        "uk",
        "verbiv",
        "Відремонтувати пішохідний міст через Вербівку",
        "Міст з'єднує Зарічний мікрорайон зі школою та лікарнею. Настил прогнив у трьох місцях, поручня з одного боку "
        "немає, обхід — чотири кілометри.",
        "Просимо провести обстеження, закрити небезпечні ділянки вже зараз і внести ремонт до бюджету.",
        signatures=87,
    ),
    DemoPetition(
        "night-bus",
        "en",
        "dibrova",
        "A night bus between Verbiv and Kalynove",
        "The last bus leaves at nine in the evening. Nurses, bakers and everybody who comes by the late train share "
        "taxis or walk eight kilometres along the main road.",
        "We ask for one bus at eleven and one at five, on trial for a year, with the numbers of passengers published.",
        signatures=61,
    ),
    DemoPetition(
        "crossing",
        "en",
        "verbiv",
        "A safe crossing on School Street before the new school year",
        "Three hundred children cross School Street every morning between parked cars. Drivers see them at the last "
        "moment, and there has been one accident this year.",
        "We ask for a raised crossing, a light, and no parking within twenty metres of it.",
        signatures=104,
    ),
    DemoPetition(
        "library",
        "en",
        "soniachne",
        "Keep the library in Soniachne open on Saturdays",
        "For pupils and for people who work in town, Saturday is the only day when they can come to the library. It is "
        "also the only warm room in the village with a public computer.",
        "We ask the council to keep Saturday hours from ten to three. Five signatures bring it to an answer.",
        signatures=3,
    ),
)
