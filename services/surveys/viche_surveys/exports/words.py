"""Words that stand in every export, in the languages of the suite."""

from viche_surveys.domain.definition import Text

YES: Text = {"en": "Yes", "uk": "Так", "bg": "Да", "ru": "Да"}
NO: Text = {"en": "No", "uk": "Ні", "bg": "Не", "ru": "Нет"}
CHOSEN: Text = {"en": "Chosen", "uk": "Обрано", "bg": "Избрано", "ru": "Выбрано"}
NOT_CHOSEN: Text = {"en": "Not chosen", "uk": "Не обрано", "bg": "Не е избрано", "ru": "Не выбрано"}
DONT_KNOW: Text = {"en": "Don’t know", "uk": "Не знаю", "bg": "Не знам", "ru": "Не знаю"}
LATITUDE: Text = {"en": "latitude", "uk": "широта", "bg": "географска ширина", "ru": "широта"}
LONGITUDE: Text = {"en": "longitude", "uk": "довгота", "bg": "географска дължина", "ru": "долгота"}
FILE_ID: Text = {"en": "file ID", "uk": "ID файла", "bg": "ID на файла", "ru": "ID файла"}

RESPONSE: Text = {"en": "Response ID", "uk": "ID відповіді", "bg": "ID на отговора", "ru": "ID ответа"}
VERSION: Text = {
    "en": "Version of the survey",
    "uk": "Версія опитування",
    "bg": "Версия на анкетата",
    "ru": "Версия опроса",
}
SUBMITTED: Text = {
    "en": "When it was sent (UTC)",
    "uk": "Коли надіслано (UTC)",
    "bg": "Кога е изпратен (UTC)",
    "ru": "Когда отправлен (UTC)",
}
LANGUAGE: Text = {
    "en": "Language of the questions",
    "uk": "Мова запитань",
    "bg": "Език на въпросите",
    "ru": "Язык вопросов",
}
CHANNEL: Text = {"en": "How it came", "uk": "Як надійшла", "bg": "Как е получен", "ru": "Как поступил"}
CHANNELS: dict[str, Text] = {
    "portal": {"en": "Portal", "uk": "Портал", "bg": "Портал", "ru": "Портал"},
    "embed": {
        "en": "Partner’s page",
        "uk": "Сторінка партнера",
        "bg": "Страница на партньор",
        "ru": "Страница партнёра",
    },
    "api": {"en": "Program (API)", "uk": "Програма (API)", "bg": "Програма (API)", "ru": "Программа (API)"},
    "import": {"en": "Imported", "uk": "Імпортовано", "bg": "Внесен", "ru": "Импортирован"},
}
PARTNER: Text = {"en": "Partner ID", "uk": "ID партнера", "bg": "ID на партньора", "ru": "ID партнёра"}
TERRITORY: Text = {
    "en": "Territory of residence (code)",
    "uk": "Територія проживання (код)",
    "bg": "Територия на местоживеене (код)",
    "ru": "Территория проживания (код)",
}
ASSURANCE: Text = {
    "en": "How surely the person is known",
    "uk": "Наскільки надійно підтверджено особу",
    "bg": "Колко сигурно е потвърдено лицето",
    "ru": "Насколько надёжно подтверждена личность",
}
SOURCE: Text = {
    "en": "Source of the import",
    "uk": "Джерело імпорту",
    "bg": "Източник на вноса",
    "ru": "Источник импорта",
}
