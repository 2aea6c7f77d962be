"""What the sources of this workflow leave open, and how whoever runs it is asked for it."""

from viche_sdk.types import Localized, Setting, SettingKind

CHECK_DAYS = Setting(
    name="check_days",
    title=Localized.of(
        en="Days for checking a petition",
        uk="Скільки днів триває перевірка петиції",
        bg="Колко дни трае проверката на петиция",
        ru="Сколько дней длится проверка петиции",
    ),
    help=Localized.of(
        en="Calendar days from the day after the last supporter. The published rules set no term: "
        "leave it empty if you promise none.",
        uk="Календарні дні від наступного після останнього прихильника. Оприлюднені правила строку не встановлюють: "
        "залиште порожнім, якщо ви його не обіцяєте.",
        bg="Календарни дни от деня след последния поддръжник. Публикуваните правила не определят срок: "
        "оставете празно, ако не обещавате такъв.",
        ru="Календарные дни со следующего после последнего сторонника. Опубликованные правила срока не устанавливают: "
        "оставьте пустым, если вы его не обещаете.",
    ),
    kind=SettingKind.INT,
    minimum=1,
    maximum=365,
    optional=True,
)
