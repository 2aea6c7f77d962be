"""What the sources of this workflow leave open, and how whoever runs it is asked for it."""

from viche_sdk.types import Localized, Setting, SettingKind

ANSWER_MONTHS = Setting(
    name="answer_months",
    title=Localized.of(
        en="Months for the Commission's answer",
        uk="Скільки місяців має Комісія на відповідь",
        bg="Колко месеца има Комисията за отговор",
        ru="Сколько месяцев есть у Комиссии на ответ",
    ),
    help=Localized.of(
        en="The number that Regulation (EU) 2019/788 gives; look it up in the text in force.",
        uk="Число з Регламенту (ЄС) 2019/788; знайдіть його в чинному тексті.",
        bg="Броят от Регламент (ЕС) 2019/788; вижте го в действащия текст.",
        ru="Число из Регламента (ЕС) 2019/788; найдите его в действующем тексте.",
    ),
    kind=SettingKind.INT,
    minimum=1,
    maximum=24,
)
