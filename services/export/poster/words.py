"""What a poster says, in the languages of those who may come. They read it without a page of ours."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of one language. steps: in the order in which they are done. minutes: how long it takes at most."""

    steps: tuple[str, str, str]
    minutes: str


_WORDS: Mapping[str, Words] = {
    "en": Words(
        (
            "Scan this code with your phone",
            "Answer a few questions and check your microphone",
            "Begin the interview in your browser",
        ),
        "Up to {} min",
    ),
    "ru": Words(
        (
            "Отсканируйте код телефоном",
            "Ответьте на несколько вопросов и проверьте микрофон",
            "Начните интервью в браузере",
        ),
        "До {} мин",
    ),
    "uk": Words(
        (
            "Відскануйте код телефоном",
            "Дайте відповіді на кілька запитань і перевірте мікрофон",
            "Почніть інтерв’ю у браузері",
        ),
        "До {} хв",
    ),
    "de": Words(
        (
            "Scannen Sie diesen Code mit dem Handy",
            "Beantworten Sie einige Fragen und prüfen Sie Ihr Mikrofon",
            "Beginnen Sie das Interview im Browser",
        ),
        "Bis zu {} Min.",
    ),
    "fr": Words(
        (
            "Scannez ce code avec votre téléphone",
            "Répondez à quelques questions et vérifiez votre micro",
            "Commencez l’entretien dans votre navigateur",
        ),
        "{} min au maximum",
    ),
    "es": Words(
        (
            "Escanee este código con su teléfono",
            "Responda a unas preguntas y compruebe su micrófono",
            "Empiece la entrevista en su navegador",
        ),
        "Hasta {} min",
    ),
    "pt": Words(
        (
            "Leia este código com o seu telefone",
            "Responda a algumas perguntas e verifique o microfone",
            "Comece a entrevista no navegador",
        ),
        "Até {} min",
    ),
    "it": Words(
        (
            "Inquadri questo codice con il telefono",
            "Risponda ad alcune domande e controlli il microfono",
            "Inizi l’intervista nel browser",
        ),
        "Fino a {} min",
    ),
    "pl": Words(
        (
            "Zeskanuj ten kod telefonem",
            "Odpowiedz na kilka pytań i sprawdź mikrofon",
            "Rozpocznij wywiad w przeglądarce",
        ),
        "Do {} min",
    ),
    "nl": Words(
        (
            "Scan deze code met uw telefoon",
            "Beantwoord een paar vragen en controleer uw microfoon",
            "Begin het interview in uw browser",
        ),
        "Maximaal {} min",
    ),
    "tr": Words(
        (
            "Bu kodu telefonunuzla okutun",
            "Birkaç soruyu yanıtlayın ve mikrofonunuzu deneyin",
            "Görüşmeye tarayıcınızda başlayın",
        ),
        "En fazla {} dk",
    ),
    "ar": Words(
        ("امسح هذا الرمز بهاتفك", "أجب عن بعض الأسئلة وتحقّق من الميكروفون", "ابدأ المقابلة في متصفحك"),
        "{} دقيقة كحد أقصى",
    ),
    "fa": Words(
        (
            "این کد را با گوشی خود اسکن کنید",
            "به چند پرسش پاسخ دهید و میکروفون خود را بررسی کنید",
            "مصاحبه را در مرورگر خود آغاز کنید",
        ),
        "حداکثر {} دقیقه",
    ),
    "he": Words(
        ("סרקו את הקוד בטלפון", "ענו על כמה שאלות ובדקו את המיקרופון", "התחילו את הריאיון בדפדפן"), "עד {} דקות"
    ),
    "hi": Words(
        (
            "अपने फ़ोन से यह कोड स्कैन करें",
            "कुछ सवालों के जवाब दें और माइक्रोफ़ोन जाँचें",
            "अपने ब्राउज़र में साक्षात्कार शुरू करें",
        ),
        "अधिकतम {} मिनट",
    ),
    "zh": Words(("用手机扫描此二维码", "回答几个问题，检查麦克风", "在浏览器中开始访谈"), "最多 {} 分钟"),
    "ja": Words(
        (
            "スマートフォンでコードを読み取る",
            "いくつかの質問に答え、マイクを確認する",
            "ブラウザーでインタビューを始める",
        ),
        "最長 {} 分",
    ),
    "ko": Words(
        (
            "휴대전화로 코드를 스캔하세요",
            "몇 가지 질문에 답하고 마이크를 확인하세요",
            "브라우저에서 인터뷰를 시작하세요",
        ),
        "최대 {}분",
    ),
}

SPOKEN = tuple(_WORDS)
"""The languages that a poster has words in, by code."""


def words_in(tag: str) -> Words | None:
    """The words of a language, by its tag, such as `pt-BR`; None where there are none."""
    return _WORDS.get(tag.replace("_", "-").partition("-")[0].lower())
