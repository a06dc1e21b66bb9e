/** A small choice of signs with the words that find them: English, then German. */
export interface Emoji {
  readonly sign: string;
  readonly words: string;
}

const emojis: readonly Emoji[] = [
  ...rows(`
👍 thumbs up yes good agree / daumen hoch ja gut
👎 thumbs down no bad / daumen runter nein schlecht
🙏 thanks please pray / danke bitte
👏 clap applause bravo / klatschen applaus
🙌 hands celebrate / hände feiern
👋 wave hello bye / winken hallo tschüss
💪 strong muscle / stark muskel kraft
🤝 handshake deal / handschlag einverstanden
✌️ peace victory / frieden sieg
🤞 fingers crossed luck / daumen drücken glück
👌 ok perfect / ok perfekt
👀 eyes look / augen schauen sehen
🫡 salute understood / salut verstanden
❤️ heart love / herz liebe
💚 green heart / grünes herz
💙 blue heart / blaues herz
💔 broken heart / gebrochenes herz
😀 grin happy / grinsen fröhlich
😄 smile laugh happy / lächeln lachen fröhlich
😂 tears of joy laugh / tränen lachen
🤣 rolling laugh / kugeln lachen
🙂 slight smile / leichtes lächeln
😉 wink / zwinkern
😊 blush smile / erröten lächeln
😍 heart eyes love / herzaugen verliebt
😘 kiss / kuss
😎 cool sunglasses / cool sonnenbrille
🤔 thinking hmm / nachdenken hm
🤨 raised eyebrow doubt / augenbraue zweifel
😐 neutral / neutral
🙄 roll eyes / augen rollen
😬 grimace awkward / grimasse peinlich
😅 sweat smile relief / schwitzen erleichtert
😇 angel innocent / engel unschuldig
🥲 smile tear / lächeln träne
😢 cry sad / weinen traurig
😭 sob cry / heulen weinen
😡 angry / wütend
😱 scream shock / schrei schock
😴 sleep tired / schlafen müde
🤒 sick fever / krank fieber
🤕 hurt bandage / verletzt verband
🤯 mind blown / umwerfend
🥳 party celebrate / party feiern
😷 mask / maske
🤗 hug / umarmung
🤷 shrug do not know / schulterzucken weiß nicht
🤦 facepalm / hand vor die stirn
🙋 raise hand question / melden frage
💁 information / auskunft
🚶 walk leave / gehen
🏃 run hurry / laufen eile
✅ done check yes / erledigt haken ja
☑️ checked box / angekreuzt
❌ cross no wrong / kreuz nein falsch
❓ question / frage
❗ exclamation important / ausrufezeichen wichtig
⚠️ warning careful / warnung vorsicht
🛑 stop / halt stopp
🚫 forbidden / verboten
🔒 lock secure / schloss sicher
🔓 unlocked / offen
🔑 key / schlüssel
🛡️ shield protect / schild schutz
🔔 bell remind / glocke erinnern
🔕 muted / stumm
📌 pin / anheften
📎 clip attachment / klammer anhang
📄 page document / seite dokument
📁 folder / ordner
📝 note write / notiz schreiben
📊 chart / diagramm
📅 calendar date / kalender datum
⏰ alarm clock time / wecker zeit
⏳ waiting hourglass / warten sanduhr
📞 phone call / telefon anruf
📧 mail / post
📦 package / paket
💡 idea / idee
🔍 search find / suche finden
🔧 fix tool / werkzeug reparieren
⚙️ settings gear / einstellungen zahnrad
🐛 bug / fehler käfer
🚀 rocket launch / rakete start
🔥 fire hot / feuer heiß
✨ sparkles new / funkeln neu
⭐ star / stern
💯 hundred perfect / hundert perfekt
🎉 party congratulations / feier glückwunsch
🎂 birthday cake / geburtstag kuchen
🎁 gift / geschenk
🏆 trophy win / pokal gewinn
☕ coffee break / kaffee pause
🍵 tea / tee
🍕 pizza lunch / pizza mittag
🍎 apple / apfel
🍪 cookie / keks
🍻 beer cheers / bier prost
🥂 cheers toast / anstoßen sekt
🌞 sun morning / sonne morgen
🌙 moon night / mond nacht
🌧️ rain / regen
❄️ snow cold / schnee kalt
🌈 rainbow / regenbogen
🌱 seedling grow / keimling wachsen
🌻 flower / blume
🐢 slow turtle / langsam schildkröte
🐶 dog / hund
🐱 cat / katze
🏥 hospital clinic / krankenhaus klinik
🩺 doctor stethoscope / arzt stethoskop
💊 pill medicine / tablette medizin
🚑 ambulance / krankenwagen
⚖️ law scales / recht waage
🏦 bank / bank
💶 euro money / euro geld
🏠 home / zuhause
🏢 office / büro
🚗 car / auto
🚆 train / zug
✈️ plane travel / flugzeug reise
👶 baby / baby
👩‍💻 working computer / arbeiten rechner
🧠 brain / gehirn
🎧 headphones / kopfhörer
🎤 microphone / mikrofon
🔇 silent / lautlos
➕ plus / plus
➖ minus / minus
➡️ right next / rechts weiter
⬅️ left back / links zurück
🔁 repeat again / wiederholen
🆗 ok / ok
🆘 help / hilfe
`),
];

/** What is offered before anything is looked for. */
export const frequentEmojis: readonly string[] = ['👍', '❤️', '😂', '🎉', '🙏', '✅', '👀', '😢'];

/** All signs of which every word that was typed begins some word. */
export function findEmojis(typed: string): readonly Emoji[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return emojis.filter(({ words }) => wanted.every((word) => words.startsWith(word) || words.includes(` ${word}`)));
}

function rows(table: string): readonly Emoji[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const end = line.indexOf(' ');
      return { sign: line.slice(0, end), words: line.slice(end + 1) };
    });
}
