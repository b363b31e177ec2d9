"""The names of columns by which each field is known, in ten languages.

The languages are English, Russian, Ukrainian, German, French, Spanish, Portuguese, Italian, Polish and Turkish, in this
order. Case, spaces, punctuation and marks on letters do not count, so `Prénom :` is `prenom` (services.roster.columns).
"""

from services.roster.fields import Field

ONE_NAME = "name; имя; ім'я; nom; nombre; nome; imię; ad; adı; isim"
"""A whole name where the name stands in one column, and beside a column with one part, such as Vorname, the other."""

KNOWN_NAMES = {
    Field.LABEL: f"""
        {ONE_NAME};
        label; room label; display name; full name; participant; participants; participant name; participant full name;
        respondent; respondents; respondent name; interviewee; interviewee name; person; contact; contact name;
        your name; your full name; what is your name; what is your full name; first and last name; name and surname;
        name of participant; name of the participant;
        метка; ярлык; подпись; полное имя; имя и фамилия; фамилия и имя; фамилия имя; имя фамилия;
        фамилия имя отчество; фио; ф. и. о.; участник; участница; имя участника; фио участника; участники; респондент;
        респонденты; имя респондента; фио респондента; название; человек; контакт; ваше имя; ваше фио; как вас зовут;
        мітка; повне ім'я; ім'я та прізвище; прізвище та ім'я; ім'я і прізвище; прізвище ім'я; піб; п. і. б.; учасник;
        учасниця; учасники; ім'я учасника; піб учасника; респонденти; ім'я респондента; назва; особа; ваше ім'я;
        як вас звати;
        bezeichnung; vollständiger name; vor- und nachname; vorname und nachname; vorname nachname; name, vorname;
        nachname, vorname; anzeigename; teilnehmer; teilnehmerin; teilnehmer/innen; teilnehmende; teilnehmername;
        name des teilnehmers; proband; probandin; befragte; befragter; kontakt; ihr name; wie heißen sie;
        libellé; étiquette; nom complet; nom et prénom; prénom et nom; nom prénom; prénom nom; nom affiché;
        participante;
        participant(e); nom du participant; répondant; répondante; nom du répondant; enquêté; enquêtée; personne;
        votre nom; quel est votre nom;
        etiqueta; nombre completo; nombre y apellidos; nombre y apellido; apellidos y nombre; apellidos, nombre;
        nombre para mostrar; participantes; nombre del participante; encuestado; encuestada; entrevistado;
        entrevistada; persona; contacto; su nombre; tu nombre;
        rótulo; nome completo; nome e sobrenome; nome e apelido; nome de exibição; nome do participante; respondente;
        inquirido; pessoa; contato; seu nome; qual é o seu nome;
        etichetta; nome e cognome; cognome e nome; nominativo; nome visualizzato; partecipante; partecipanti;
        nome del partecipante; rispondente; intervistato; intervistata; contatto; il tuo nome; il suo nome;
        etykieta; imię i nazwisko; nazwisko i imię; pełna nazwa; pełne imię; nazwa wyświetlana; uczestnik; uczestniczka;
        uczestnicy; imię i nazwisko uczestnika; osoba;
        etiket; ad soyad; adı soyadı; ad ve soyad; adınız soyadınız; adınız; isim soyisim; tam ad; görünen ad;
        katılımcı;
        katılımcılar; katılımcı adı; katılımcının adı; yanıtlayan; kişi
        """,
    Field.GIVEN_NAME: """
        first name; given name; forename; christian name; your first name; личное имя; власне ім'я; vorname; rufname;
        prénom; prénoms; nombre de pila; nombres; primer nombre; primeiro nome; nome próprio; prenome;
        nome di battesimo;
        pierwsze imię; imiona; ilk ad; ilk adı; ön ad; ön adı
        """,
    Field.MIDDLE_NAME: """
        middle name; middle names; middle initial; additional name; patronymic; отчество; по батькові; второе имя;
        zweiter vorname; weitere vornamen; deuxième prénom; segundo nombre; nome do meio; segundo nome; secondo nome;
        drugie imię; ikinci ad; ikinci adı; orta ad
        """,
    Field.FAMILY_NAME: """
        last name; surname; family name; second name; your last name; фамилия; прізвище; nachname; familienname; zuname;
        nom de famille; apellido; apellidos; primer apellido; sobrenome; apelido; último nome; cognome; nazwisko; soyad;
        soyadı; soyisim; soy isim
        """,
    Field.EMAIL: """
        email; e-mail; mail; email address; e-mail address; mail address; participant email; contact email; email id;
        primary email; user email; your email; your email address; what is your email; what is your email address;
        почта; эл. почта; электронная почта; адрес эл. почты; адрес электронной почты; адрес почты; почтовый адрес;
        email адрес; e-mail участника; почта участника; электронный адрес; имейл; емейл; мейл; емайл; ваш email;
        ваша почта; ваша электронная почта; ваш адрес электронной почты;
        пошта; ел. пошта; електронна пошта; адреса електронної пошти; адреса ел. пошти; електронна адреса;
        адреса пошти; пошта учасника; email учасника; ваша пошта; ваша електронна пошта;
        e-mail-adresse; emailadresse; mailadresse; mail-adresse; e-mail des teilnehmers; elektronische post;
        ihre e-mail-adresse; ihre e-mail;
        adresse e-mail; adresse mail; adresse électronique; adresse de courriel; adresse courriel; courriel; mél;
        courrier électronique; adresse de messagerie; votre e-mail; votre adresse e-mail;
        correo; correo electrónico; dirección de correo; dirección de correo electrónico; dirección de email;
        dirección de e-mail; su correo electrónico; tu correo electrónico;
        correio eletrônico; correio electrónico; endereço de e-mail; endereço eletrônico;
        endereço de correio eletrônico; endereço de correio electrónico; seu e-mail;
        posta elettronica; indirizzo e-mail; indirizzo mail; indirizzo di posta elettronica; indirizzo di posta;
        la tua e-mail; la sua e-mail;
        adres e-mail; adres mailowy; poczta; poczta elektroniczna; adres poczty elektronicznej; adres poczty;
        twój e-mail;
        e-posta; e-posta adresi; eposta adresi; elektronik posta; mail adresi; email adresi; e-posta adresiniz
        """,
    Field.EXTERNAL_ID: """
        external id; external reference; external data reference; id; ids; participant id; respondent id; person id;
        subject id; case id; record id; code; participant code; respondent code; identifier; participant identifier;
        participant number; respondent number; participant no; respondent no; id number; pid;
        код; код участника; код респондента; id участника; id респондента; ид; ид участника; идентификатор;
        идентификатор участника; идентификатор респондента; внешний код; внешний id; номер участника;
        номер респондента; № участника; № респондента; шифр;
        код учасника; id учасника; ід; ідентифікатор; ідентифікатор учасника; зовнішній код; номер учасника;
        № учасника; шифр учасника;
        kennung; externe kennung; externe id; teilnehmer-id; teilnehmerkennung; teilnehmercode; teilnehmernummer;
        teilnehmer-nr.; probandencode; probandennummer; probanden-id; kürzel; kuerzel;
        identifiant; identifiant externe; id externe; id participant; id du participant; identifiant du participant;
        code participant; code du participant; numéro de participant; numéro du participant;
        identificador; id externo; identificador externo; código; código de participante; código del participante;
        id de participante; id del participante; número de participante; número del participante;
        código do participante; id do participante; identificador do participante; número do participante;
        identificativo; identificatore; id esterno; codice; codice partecipante; codice del partecipante;
        id partecipante; id del partecipante; numero partecipante; numero del partecipante;
        identyfikator; identyfikator zewnętrzny; id zewnętrzne; kod; kod uczestnika; id uczestnika;
        identyfikator uczestnika; numer uczestnika;
        kimlik; harici kimlik; kod numarası; katılımcı kodu; katılımcı kimliği; katılımcı numarası; katılımcı no;
        katılımcı id
        """,
    Field.LANGUAGE: """
        language; lang; interview language; preferred language; user language; survey language; язык; язык интервью;
        язык участника; язык респондента; мова; мова інтерв'ю; мова учасника; sprache; interviewsprache;
        sprache des interviews; bevorzugte sprache; langue; langue de l'entretien; langue préférée; idioma; lengua;
        idioma de la entrevista; idioma preferido; língua; idioma da entrevista; língua da entrevista; lingua;
        lingua dell'intervista; lingua preferita; język; język wywiadu; język rozmowy; dil; görüşme dili; mülakat dili
        """,
    Field.MINUTES: """
        max duration minutes; max duration; duration; duration minutes; duration (minutes); duration (min);
        duration, min; minutes; min; mins; length; length (minutes); interview length;
        длительность; длительность (мин); длительность в минутах; длительность (минут); длительность интервью;
        минуты; минут; мин; продолжительность; продолжительность (мин); продолжительность в минутах; время (мин);
        тривалість; тривалість (хв); тривалість у хвилинах; тривалість інтерв'ю; хвилини; хвилин; хв;
        dauer; dauer (min); dauer (minuten); dauer in minuten; interviewdauer; minuten;
        durée; durée (min); durée (minutes); durée en minutes; durée de l'entretien;
        duración; duración (min); duración (minutos); duración en minutos; duración de la entrevista; minutos;
        duração; duração (min); duração (minutos); duração em minutos; duração da entrevista;
        durata; durata (min); durata (minuti); durata in minuti; durata dell'intervista; minuti;
        czas trwania; czas trwania (min); czas trwania w minutach; czas (min); minuty;
        süre; süre (dk); süre (dakika); dakika; dk; görüşme süresi
        """,
    Field.VOICE: """
        voice; interviewer voice; голос; голос интервьюера; голос інтерв'юера; stimme; voix; voz; voce; głos; ses
        """,
    Field.TOPICS: """
        topics for respondent; topics for respondents; topics; topic; themes; questions;
        темы; тема; темы интервью; темы для респондента; темы для участника; темы разговора; вопросы;
        теми; теми інтерв'ю; запитання; питання; themen; thema; fragen; thèmes; thème; sujets; temas; preguntas;
        tópicos;
        perguntas; temi; argomenti; domande; tematy; temat; pytania; konular; konu; sorular
        """,
}
"""The names of each field, separated by semicolons."""

SOMEBODY_ELSE = """
    interviewer; enumerator; supervisor; moderator; researcher; recruiter; submitter; company; organisation;
    organization; employer; school; project; study; file; device; product; brand; spouse; partner; child; emergency;
    интервьюер; компания; организация; проект; unternehmen; projekt; entreprise; projet; empresa; proyecto; projeto;
    azienda; progetto; firma; şirket; proje
    """
"""Groups of a form in which a name or an address is not the participant's."""
