# Texte für Menschen, Deutsch. Kurz, freundlich, und sie sagen, wie es weitergeht.

app-name = USO Bot
toy-model = Spielzeugmodell

## Karten

card-queued = In der Warteschlange
card-queued-next = Du bist als Nächstes dran
card-queued-place = Platz { $place } in der Warteschlange
card-paused = Pausiert
card-paused-detail = Wer diesen Bot betreibt, hat ihn angehalten. Dein Auftrag ist sicher und startet von selbst, sobald es weitergeht.
card-warming-up = Wärmt auf
card-warming-up-detail = Das Modell lädt ({ $percent } %). Dein Auftrag ist sicher und startet von selbst.
card-engine-broken = Das Modell startet nicht
card-engine-broken-detail = Wer den Bot betreibt, sieht den Grund im Protokoll. Dein Auftrag ist sicher und startet von selbst, sobald es wieder geht.
card-running = Zeichnet, Schritt { $step } von { $steps }
card-starting = Gleich geht es los
card-upscaling = Wird vergrößert, Teil { $step } von { $steps }
card-upscaling-starting = Das Vergrößern beginnt
card-picture-of = Bild { $number } von { $count }
card-retrying = Neuer Versuch
card-retrying-detail = Die Maschine ist mittendrin stehen geblieben. Sie startet neu, du musst nichts tun.
card-done = Fertig
card-some-withheld = { $count ->
    [one] 1 Bild war nicht dafür geeignet, hier gezeigt zu werden, und wurde zurückgehalten
   *[other] { $count } Bilder waren nicht dafür geeignet, hier gezeigt zu werden, und wurden zurückgehalten
}
card-done-detail = { $count ->
    [one] Dein Bild ist da
   *[other] Deine { $count } Bilder sind da
}
card-failed = Das hat nicht geklappt
card-cancelled = Abgebrochen
card-cancelled-detail = Angehalten, wie gewünscht.
card-left-seconds = noch etwa { $seconds } s
card-left-minutes = noch etwa { $minutes } min
card-drawn-at = gezeichnet mit { $width } × { $height }
card-drawn-smaller = für die gewünschte Größe hat der Speicher nicht gereicht, deshalb gezeichnet mit { $width } × { $height }
card-cost = kostet { $amount ->
    [one] { $amount } Guthabenpunkt
   *[other] { $amount } Guthabenpunkte
}
card-refunded = { $amount ->
    [one] Dein Punkt ist wieder da.
   *[other] Deine { $amount } Punkte sind wieder da.
}

mode-text = Nur Text
mode-subject = Motiv
mode-style = { $styles ->
    [one] 1 Stil
   *[other] { $styles } Stile
}
mode-subject-style = { $styles ->
    [one] Motiv + 1 Stil
   *[other] Motiv + { $styles } Stile
}
mode-subject-style-layout-kept = { $styles ->
    [one] Motiv + 1 Stil, Aufbau bleibt
   *[other] Motiv + { $styles } Stile, Aufbau bleibt
}
mode-upscale = 2× vergrößern
note-rounded = { $name ->
    [width] Breite
    [height] Höhe
   *[subject_size] Motivgröße
} von { $asked } auf { $used } gerundet.
note-style = Stil: { $name }
note-smaller-copy = { $count ->
    [one] Zu groß für hier, darum ist das eine kleinere Kopie. Das Original bleibt: /show { $id } zeigt es, wo größere Dateien erlaubt sind.
   *[other] Zu groß für hier, darum sind { $count } davon kleinere Kopien. Die Originale bleiben: /show { $id } zeigt sie, wo größere Dateien erlaubt sind.
}
style-of-server = { $name } (dieser Server)

failure-engine-lost = Die Maschine ist hierbei zweimal stehen geblieben. Bitte versuche es noch einmal, vielleicht kleiner.
failure-out-of-memory = Das Bild passte nicht in den Speicher. Versuche eine kleinere Größe.
failure-refused-by-model = Das Modell kann diese Bilder nicht zusammen verwenden. Nimm ein anderes Motivbild oder eine größere Motivgröße.
failure-picture-missing = Ein Vorlagenbild ist nicht mehr da. Bitte lade es noch einmal hoch.
failure-storage-full = Die Festplatte dieses Bots ist voll, darum ging das Bild verloren. Bitte sag dem Betreiber Bescheid.
failure-withheld = Das fertige Bild war nicht dafür geeignet, hier gezeigt zu werden, und wurde zurückgehalten. Bitte wünsch dir etwas anderes.
failure-internal = Bei uns ist etwas kaputtgegangen. Bitte versuche es noch einmal.

## Knöpfe und Beschriftungen

button-generate = Bild machen
button-reroll = Neu würfeln
button-vary-subtle = Variieren (leicht)
button-vary-strong = Variieren (stark)
button-cancel = Abbrechen
button-subtle = Leicht
button-strong = Stark
button-upscale = Vergrößern
button-remix = Remix
button-subject = Als Motiv
button-style = Als Stil
button-info = Info
button-favourite = Favorit
button-delete = Löschen
button-erase = Endgültig löschen
button-correct = Verbessern
button-original = Original öffnen
label-prompt = Beschreibung
label-subject = Motivbild
label-style = Stilbild
label-style-2 = Zweites Stilbild
label-aspect = Format
label-steps = Schritte
label-guidance = Führung
label-seed = Seed
label-subject-size = Motivgröße
label-count = Bilder
label-keep-size = Größe des Motivs behalten
label-optional = freiwillig
label-seed-value = Seed { $seed }

quote = Das kostet { $cost ->
    [one] { $cost } Punkt
   *[other] { $cost } Punkte
}; du hast { $left }, aufgefüllt wird in { $hours ->
    [0] { $minutes } Min.
   *[other] { $hours } Std. { $minutes } Min.
}

## Nach einem Knopfdruck

favourite-on = Als Favorit gemerkt; /history zeigt es mit einem Stern.
favourite-off = Kein Favorit mehr.
grid-left-out = Nicht gemacht: { $names }. { $reason }
menu-no-picture = In dieser Nachricht ist kein Bild, das ich lesen kann (PNG, JPEG oder WebP).
menu-several-pictures = In dieser Nachricht sind { $count } Bilder.
menu-which-picture = Welches Bild?
menu-picture-number = { $number }: { $name }
menu-too-old = Das ist zu lange her; bitte öffne das Menü der Nachricht noch einmal.
delete-sure = { $count ->
    [one] Dieses Bild
   *[other] Diese { $count } Bilder
} endgültig löschen? Danach kann es niemand mehr sehen oder verwenden.
delete-done = Gelöscht.
delete-done-message-stays = Gelöscht. Die Nachricht darf ich hier nicht entfernen; das kannst du selbst tun.

## Konten

account-tier = Deine Stufe: { $tier }
account-unlimited = Bilder kosten dich kein Guthaben.
account-credits = Du hast { $left } Punkte; auf { $daily } aufgefüllt wird in { $hours ->
    [0] { $minutes } Min.
   *[other] { $hours } Std. { $minutes } Min.
}
account-pool = Dieser Server teilt heute noch { $left } dazu.
account-linked = Verknüpft: { $names }
account-bookings = Zuletzt:
booking-refill = aufgefüllt
booking-charge = Bilder
booking-refund = zurückgegeben
booking-grant = geschenkt
link-issued = Gib auf deiner anderen Plattform innerhalb von { $minutes } Minuten /link { $code } ein. Beide Konten haben dann eine Historie und ein Guthaben.
link-joined = Verknüpft: { $names }. Historie und Guthaben sind jetzt eins.
command-me = Dein Guthaben und deine verknüpften Konten
command-link = Ein Konto für Discord und Telegram
command-link-code = Der Code von deiner anderen Plattform; ohne ihn bekommst du einen
command-link-remove = Eins deiner verknüpften Konten, das wieder allein stehen soll
link-parted = { $name } steht wieder allein. Historie und Guthaben bleiben hier.
link-one-at-a-time = Bitte gib entweder einen Code ein oder entferne ein Konto, nicht beides auf einmal.

## Historie

history-empty = Noch nichts. Hier werden deine Bilder aufgelistet.
history-nothing-found = Mit „{ $words }“ haben wir in deinen Prompts nichts gefunden; versuch ein anderes Wort.
history-more = Es gibt ältere; mit einem Wort aus dem Prompt findest du sie.
queue-nobody = Niemand wartet; eine Anfrage würde sofort beginnen.
queue-waiting = { $count ->
    [one] Eine Anfrage wartet
   *[other] { $count } Anfragen warten
}, { $own ->
    [0] keine davon von dir
    [one] eine davon von dir
   *[other] { $own } davon von dir
}.
cancel-done = Angehalten, wie du wolltest.
command-history = Deine früheren Anfragen
command-history-words = Wörter aus dem Prompt; ohne sie kommen die neuesten
command-queue = Wie viele Anfragen warten
command-cancel = Eine deiner Anfragen anhalten
command-cancel-id = Die Kennung der Anfrage, wie /history sie zeigt
history-no-favourites = Noch keine Favoriten. Drück unter einem Bild, das dir gefällt, auf „Favorit“.
history-open = Ein Ergebnis öffnen …
button-newest = Neueste
button-older = Ältere
button-page-back = Zurück
button-page-on = Weiter
command-history-favourites = Nur die mit einem Bild, das du markiert hast
command-show = Ein früheres Ergebnis noch einmal zeigen, mit seiner Originaldatei
command-repeat = Ein Ergebnis noch einmal machen, gleich bis aufs letzte Pixel
command-repeat-id = Wörter aus dem Prompt, oder eine Kennung aus /history oder den Infos, etwa 7k3m9qx2vt0a-2
command-show-id = Wörter aus dem Prompt, oder eine Kennung aus /history oder den Infos
command-show-private = Nur du siehst es
command-show-triptych = Motiv, Stil und Ergebnis nebeneinander in einem Bild
show-original = Original { $number }: { $url }

## Stile und die Ablage

style-saved = „{ $name }“ ist gespeichert, mit { $pictures ->
    [one] einem Bild
   *[other] { $pictures } Bildern
}. /style use legt es in deine Ablage, /style share gibt es an diesen Server.
style-shared = Alle auf diesem Server können jetzt „{ $name }“ benutzen.
style-deleted = „{ $name }“ ist gelöscht.
style-save-one-source = Bitte gib entweder Bilder oder ein Ergebnis an, nicht beides auf einmal.
command-style = Stile speichern, finden und teilen
command-style-name = Der Name des Stils
command-style-save = Einen Stil unter einem Namen speichern: aus Bildern, einem Ergebnis oder deiner Ablage
command-style-save-name = Wie du ihn wiederfinden möchtest
command-style-save-picture = Ein Bild in diesem Stil; lass alles weg, um die Stile deiner Ablage zu speichern
command-style-save-picture2 = Ein zweites Bild, das dazugehört
command-style-save-result = Stattdessen eins deiner Ergebnisse; Wörter aus dem Prompt oder seine Kennung
command-style-list = Deine Stile und die dieses Servers
command-style-show = Die Bilder eines Stils zeigen
command-style-use = Einen Stil in deine Ablage legen, für deine nächste Anfrage
command-style-share = Einen deiner Stile allen auf diesem Server geben
command-style-delete = Einen deiner Stile löschen
command-tray = Bilder für deine nächste Anfrage
command-tray-show = Was in deiner Ablage liegt
command-tray-drop = Ein Bild aus deiner Ablage nehmen
command-tray-drop-what = Welches
command-tray-clear = Deine Ablage leeren
tray-place-subject = Motiv
tray-place-style = Erster Stil
tray-place-style2 = Zweiter Stil

## Einstellungen und Hilfe

language-automatic = Wie in deiner App
command-settings = Was du bevorzugst; ohne Angaben zeigt es, was gilt
command-settings-language = In welcher Sprache der Bot dir antwortet
command-settings-private = Nur du siehst deine Karten und Ergebnisse, wenn du nichts anderes sagst
command-settings-spoiler = Verdeckt deine Ergebnisse, bis man darauf klickt
command-settings-aspect = Das Format deiner Bilder, wenn du nichts anderes sagst
command-settings-keep-tray = Die Ablage nach einer Anfrage behalten, statt sie zu leeren
command-help = Was du hier tun kannst

## Deine Daten

privacy-exported = Alles, was über dich gespeichert ist. Die Datei gehört dir; diese Nachricht siehst nur du.
privacy-exported-without-pictures = Alles, was über dich gespeichert ist, bis auf die Bilder: mit ihnen wäre es zu groß, um es hier zu schicken. /show bringt dir jedes deiner Bilder, und wer diesen Bot betreibt, kann dir alle auf einmal geben.
privacy-nothing-kept = Über dich ist nichts gespeichert.
privacy-sure = Alles von dir wird endgültig weg sein: Historie, Bilder, Favoriten, Stile, Ablage, Guthaben, Einstellungen und verknüpfte Konten. Was gerade gezeichnet wird, hält an. Nachrichten, die schon da sind, bleiben, bis du sie löschst. Erst deine Daten haben? /privacy export
privacy-deleted = Alles von dir ist weg.
privacy-card-gone = Diese Anfrage wurde gelöscht.
button-forget-me = Alles löschen
reject-export-too-large = Deine Daten passen nicht in { $limit_mb } MB, nicht einmal ohne die Bilder. Bitte frag den Betreiber dieses Bots danach.
command-privacy = Was über dich gespeichert ist
command-privacy-export = Alles bekommen, was über dich gespeichert ist, als Datei
command-privacy-delete = Alles löschen, was über dich gespeichert ist

## Verwaltung

tier-none = keine eigene
admin-quota-mixed = Das passt nicht zusammen. Gib einen Topf an, oder eine Rolle mit einer Stufe, oder eine Person mit einem Betrag oder einer Stufe.
admin-granted = { $name } hat { $amount ->
    [one] { $amount } Guthabenpunkt
   *[other] { $amount } Guthabenpunkte
} bekommen und hat jetzt { $left }.
admin-tier-set = Die Stufe von { $name } ist jetzt: { $tier }
admin-blocked = { $name } kann den Bot auf diesem Server nicht mehr benutzen.
admin-unblocked = { $name } kann den Bot auf diesem Server wieder benutzen.
admin-blocked-everywhere = { $name } kann den Bot nirgends mehr benutzen.
admin-unblocked-everywhere = { $name } kann den Bot wieder benutzen.
admin-pause-done = Pause: Anfragen werden angenommen und warten. Mit /admin resume geht es weiter, ebenso nach einem Neustart.
admin-drain-done = Läuft leer: was da ist, wird fertig, Neues wird nicht angenommen. Mit /admin resume geht es weiter, ebenso nach einem Neustart.
admin-resume-done = Es geht weiter: Anfragen werden angenommen und gezeichnet.
command-admin = Für alle, die diesen Server verwalten oder den Bot betreiben
command-admin-quota = Guthaben: ein Topf für den Server, eine Stufe für eine Rolle; Betreiber geben es Personen
command-admin-quota-pool = Punkte am Tag, die sich alle Mitglieder teilen; 0 teilt keine
command-admin-quota-role = Eine Rolle, die eine Stufe bekommt
command-admin-quota-tier = Die Stufe der Rolle oder der Person
command-admin-quota-person = Wer Punkte oder eine Stufe bekommt; für Betreiber
command-admin-quota-amount = Wie viele Punkte; eine negative Zahl nimmt Geschenktes wieder weg
command-admin-limits = Was dieser Server auf einmal erlaubt, und seine Sprache
command-admin-limits-max-count = Höchstens so viele Bilder in einer Anfrage; 0 heißt ohne Grenze dieses Servers
command-admin-limits-max-waiting = Höchstens so viele wartende Anfragen je Person; 0 heißt ohne Grenze dieses Servers
command-admin-limits-language = Die Sprache dieses Servers
command-admin-block = Jemanden auf diesem Server vom Bot ausschließen
command-admin-block-person = Wen
command-admin-block-everywhere = Auf jedem Server und in Direktnachrichten; für Betreiber
command-admin-block-reason = Warum; für alle, die den Bot betreiben
command-admin-unblock = Jemanden den Bot wieder benutzen lassen
command-admin-unblock-person = Wen
command-admin-unblock-everywhere = Was überall gesperrt war; für Betreiber
command-admin-channel = Wo auf diesem Server der Bot Anfragen annimmt
command-admin-channel-allow = Anfragen in diesem Kanal annehmen, und in keinem, der nicht auch erlaubt ist
command-admin-channel-allow-channel = Ein Kanal; seine Threads gehören dazu
command-admin-channel-forbid = Diesen Kanal von der Liste nehmen; eine leere Liste heißt überall
command-admin-channel-forbid-channel = Ein Kanal der Liste
command-admin-channel-list = Wo Anfragen angenommen werden, und alle anderen Einstellungen
command-admin-pause = Eine Weile nichts zeichnen; Anfragen warten. Für Betreiber
command-admin-drain = Fertig machen, was da ist, und nichts Neues annehmen. Für Betreiber
command-admin-resume = Nach einer Pause oder dem Leerlaufen weitermachen. Für Betreiber
command-admin-stats = Wie es dem Bot geht. Für Betreiber

## Wie ein Bild entstand

info-prompt = Prompt: { $prompt }
info-mode = Modus: { $mode }
info-seed = Seed: { $seed }
info-variation = Variiert in Richtung Seed { $seed }, Stärke { $strength }
info-size = Größe: { $width } × { $height }
info-size-drawn = Größe: { $width } × { $height } gewünscht, { $drawn_width } × { $drawn_height } gezeichnet
info-steps = Schritte: { $steps }, Führung: { $guidance }
info-subject-size = Motivgröße: { $size } px
info-subject-size-automatic = Motivgröße: automatisch
info-keep-size = Die Größe des Motivs bleibt.
info-subject = Motivbild: { $picture }
info-style = Stilbild: { $picture }
info-enlarged = Vergrößertes Bild: { $picture }
info-model = Modell: { $label } ({ $revision })
info-time = Gezeichnet in { $seconds } s
info-when = Fertig: { $when }
info-recipe = Rezept: { $recipe }
lineage-reroll = Neu gewürfelt aus { $parent }
lineage-variation = Variation von { $parent }
lineage-remix = Remix von { $parent }
lineage-repeat = Wiederholung von { $parent }
lineage-upscale = Vergrößert aus { $parent }
inspection-ours = Dieses Bild entstand mit USO Bot:
inspection-theirs = Ein anderes Werkzeug hat das in das Bild geschrieben:
inspection-nothing = Diese Datei sagt nicht, wie sie entstand. Chats entfernen das oft; schick die Originaldatei.
inspection-file = { $format }-Datei, { $width } × { $height }

## Stile und die Ablage

styles-none = Noch keine Stile. Speichere einen mit /style save und ein oder zwei Bildern.
style-line = { $name } · { $count ->
    [one] 1 Bild
   *[other] { $count } Bilder
}
style-is-shared = hier geteilt
tray-empty = Deine Ablage ist leer. Lege unter einem Ergebnis mit „Als Motiv“ oder „Als Stil“ ein Bild hinein.
tray-holds = In deiner Ablage: { $things }
tray-subject = ein Motiv
tray-styles = { $count ->
    [one] 1 Stil
   *[other] { $count } Stile
}
tray-next = Dein nächster Auftrag arbeitet damit.

## Einstellungen

language-follows = wie in deiner App
language-en = English
language-de = Deutsch
settings-language = Sprache: { $language }
settings-private = Deine Ergebnisse sind privat: nur du siehst sie.
settings-public = Deine Ergebnisse sind öffentlich.
settings-spoiler = Deine Ergebnisse sind hinter einem Spoiler verborgen.
settings-no-spoiler = Deine Ergebnisse sind offen zu sehen.
settings-aspect = Format, wenn du keins nennst: { $aspect }
settings-keep-tray = Die Ablage bleibt nach einem Auftrag, wie sie ist.
settings-empty-tray = Ein Auftrag leert die Ablage.
server-language-own = Sprache: für jeden die eigene
server-channels = Aufträge werden angenommen in: { $channels }
server-channels-all = Aufträge werden in jedem Kanal angenommen.
server-max-waiting = Wartende Aufträge je Person: { $count }
server-max-count = Höchstens { $count ->
    [one] 1 Bild
   *[other] { $count } Bilder
} auf einmal.
server-pool = Die Mitglieder teilen sich { $amount } Punkte am Tag.
server-role-tier = Rolle { $role }: Stufe { $tier }
server-blocked = { $count ->
    [one] 1 Mitglied ist ausgesperrt.
   *[other] { $count } Mitglieder sind ausgesperrt.
}

## Hilfe

help-start = Schreib, was du sehen willst. Mit einem Motivbild kommt jemand oder etwas hinein, ein oder zwei Stilbilder geben das Aussehen.
help-drawing = Zeichnen
help-collecting = Sammeln
help-looking-back = Zurückblicken
help-yours = Deins
help-admin = /admin
help-moderators = Für Moderatoren: Grenzen, Kanäle und das Aussperren aus diesem Server.
help-operators = Für dich als Betreiber: anhalten, leeren, fortsetzen, Zahlen, Guthaben, Stufen und Sperren.
help-credits = /me sagt, was du noch hast. Was nicht klappt, wird von selbst zurückgegeben.

## Den Bot betreiben

run-mode-running = Der Bot läuft.
run-mode-paused = Der Bot ist angehalten: Aufträge werden angenommen und warten.
run-mode-draining = Der Bot wird geleert: was wartet, wird gezeichnet, neue Aufträge werden abgelehnt.
stats-waiting = Es warten { $waiting }, von { $people ->
    [one] 1 Person
   *[other] { $people } Personen
}; in Arbeit: { $running }
stats-engine = Maschine: { $engine }
stats-made = Letzte 24 Stunden: { $pictures ->
    [one] 1 Bild
   *[other] { $pictures } Bilder
}, { $failures ->
    [one] 1 Fehlschlag
   *[other] { $failures } Fehlschläge
}
stats-median = Ein Bild dauert { $seconds } s (Median).
engine-starting = startet
engine-warming-up = wärmt auf
engine-ready = bereit
engine-broken = startet nicht, siehe Protokoll

## Ablehnungen

reject-prompt-empty = Bitte schreib eine Beschreibung oder füge ein Motivbild hinzu.
reject-prompt-too-long = Die Beschreibung hat { $length } Zeichen; bitte höchstens { $limit }.
reject-size-out-of-range = { $given } Pixel Kantenlänge gehen nicht; wähle { $low } bis { $high }.
reject-steps-out-of-range = Schritte gehen von { $low } bis { $high }.
reject-guidance-out-of-range = Die Führung geht von { $low } bis { $high }.
reject-subject-size-out-of-range = Die Motivgröße geht von { $low } bis { $high } (0 ist automatisch).
reject-seed-out-of-range = Ein Seed ist eine ganze Zahl von 0 bis { $high }, oder -1 für einen neuen.
reject-count-out-of-range = Du kannst { $low } bis { $high } Bilder auf einmal anfordern.
reject-strength-out-of-range = Die Stärke einer Variation liegt über 0 und geht bis 1.
reject-too-many-styles = Bitte schick höchstens { $limit } Stilbilder, nicht { $given }.
reject-keep-size-without-subject = Größe behalten braucht ein Motivbild; füge eins hinzu oder schalte es aus.
reject-restyle-without-subject = Welches Bild soll einen anderen Stil bekommen? Hänge es als Motiv an, oder wähle vorher eines mit „Als Motiv nehmen“.
reject-restyle-without-style = In welchem Stil? Hänge ein Stilbild an, nenne einen gespeicherten Stil, oder wähle vorher einen mit „Als Stil nehmen“.
reject-not-a-number = „{ $given }“ ist keine Zahl für { $name }.
reject-unknown-choice = „{ $given }“ gehört nicht zu { $choices }.
reject-file-too-large = Diese Datei ist zu groß; Bilder dürfen bis { $limit_mb } MB haben.
reject-not-a-picture = Diese Datei ist kein Bild, das wir lesen können; bitte schick PNG, JPEG oder WebP.
reject-picture-broken = Dieses Bild ist beschädigt oder abgeschnitten; bitte schick es noch einmal.
reject-too-many-pixels = Dieses Bild hat zu viele Pixel; bis { $limit_mpx } Megapixel gehen.
reject-picture-too-narrow = Dieses Motivbild ({ $width } × { $height }) ist zu schmal; schneide es zu oder wähle eine größere Motivgröße.
reject-too-many-waiting = Du hast schon { $limit } wartende Aufträge; der nächste passt, sobald einer fertig ist.
reject-job-unknown = Diesen Auftrag kennen wir nicht; vielleicht wurde er gelöscht.
reject-job-not-yours = Das kann nur, wer den Auftrag gegeben hat.
reject-job-ended = Dieser Auftrag ist schon vorbei.
reject-job-not-done = Dieses Bild ist noch nicht fertig; versuche es gleich noch einmal.
reject-job-begun = Das wird schon gezeichnet oder ist fertig. Antworte auf das Bild mit anderen Worten, um ein weiteres daraus zu machen.
reject-nothing-to-swap = Es gibt nichts zu tauschen; dafür braucht es ein Motiv und einen Stil.
reject-picture-unknown = Dieses Bild kennen wir nicht; vielleicht wurde es gelöscht.
reject-picture-gone = Ein Bild, das dafür nötig ist, wurde entfernt; bitte schick es noch einmal.
reject-result-gone = Dieses Bild wurde entfernt, um Platz zu schaffen; sein Rezept ist noch da, du kannst es also wiederholen.
reject-upscale-size-out-of-range = Ein Bild zum Vergrößern darf { $low } bis { $high } Pixel je Seite und bis zu { $limit_mpx } Megapixel haben; dieses hat { $width } × { $height }.
reject-upscale-without-request = Dieses Bild wurde nur vergrößert, und der Auftrag dahinter ist nicht mehr da; schreib einen neuen, oder nimm es als Motiv.
reject-triptych-without-references = Zu diesem Bild gibt es weder Motiv noch Stil, die man daneben zeigen könnte.
reject-recipe-unknown = Dieses Rezept kennen wir nicht; kopiere seine Kennung aus den Infos, etwa 7k3m9qx2vt0a-1.
reject-credits-used-up = Das kostet { $cost ->
    [one] { $cost } Punkt
   *[other] { $cost } Punkte
}, und du hast noch { $left }. Aufgefüllt wird in { $hours ->
    [0] { $minutes } Min.
   *[other] { $hours } Std. { $minutes } Min.
}
reject-too-expensive = Das kostet { $cost } Punkte, mehr als die { $most }, die du haben kannst; nimm weniger Bilder, weniger Schritte oder ein kleineres Format.
reject-credits-out-of-range = Dieser Person kannst du { $low } bis { $high } Punkte auf einmal geben; eine negative Zahl nimmt Geschenktes wieder weg.
reject-blocked = Du kannst diesen Bot hier gerade nicht benutzen; frag den Betreiber.
reject-link-code-wrong = Dieser Code gilt nicht; Codes gelten einmal und zehn Minuten lang. Hol dir mit /link auf deinem anderen Konto einen neuen.
reject-link-too-many-tries = Das waren zu viele falsche Codes; versuch es in { $minutes } Min. noch einmal.
reject-link-to-itself = Dieser Code ist von genau diesem Konto; gib ihn auf deinem anderen ein.
reject-link-last = Das ist der einzige Zugang zu deinem Konto und muss bleiben. Verknüpfe erst einen anderen.
reject-style-name-bad = Bitte wähle einen Namen mit 1 bis { $limit } Zeichen, ohne @ und Steuerzeichen.
reject-style-name-taken = Einen Stil mit diesem Namen gibt es schon; wähle einen anderen oder lösche ihn zuerst.
reject-style-unknown = Diesen Stil kennen wir nicht; schau in der Liste nach seinem Namen.
reject-style-not-yours = Das kann nur, wer diesen Stil gespeichert hat.
reject-style-without-picture = Eine Stilkarte braucht ein oder zwei Bilder.
reject-style-needs-server = Stile teilt man mit einem Server oder einer Gruppe; mach es dort.
reject-too-many-style-cards = Es ist Platz für { $limit } Stile; lösche erst einen.
reject-person-unknown = Diese Person haben wir noch nie gesehen.
reject-tier-unknown = Eine Stufe „{ $given }“ gibt es nicht; es gibt { $choices }.
reject-storage-full = Die Festplatte dieses Bots ist voll. Nichts ging verloren, nichts wurde berechnet; bitte sag dem Betreiber Bescheid.
reject-storage-busy = Dieser Bot erreicht gerade sein Gedächtnis nicht. Nichts ging verloren, nichts wurde berechnet; bitte versuch es noch einmal.
reject-setting-out-of-range = „{ $name }“ geht von { $low } bis { $high }.
reject-server-needed = Das ist für Server und Gruppen; bitte mach es dort.
reject-server-not-trusted = Guthaben für einen Server vergibt der Betreiber dieses Bots; bitte ihn, diesem Server zu vertrauen.
reject-moderators-only = Das können hier nur Moderatoren ändern.
reject-operators-only = Das kann nur, wer diesen Bot betreibt.
reject-channel-not-allowed = In diesem Kanal werden keine Aufträge angenommen; bitte nimm einen von diesen: { $channels }
reject-draining = Dieser Bot wird gleich neu gestartet und nimmt keine neuen Aufträge an; bitte versuch es in ein paar Minuten noch einmal. Was schon wartet, wird noch gezeichnet.

## Moderation

button-report = Melden
button-report-keep = Lassen
button-report-delete = Löschen
form-report = Dieses Bild melden
label-reason = Was stimmt damit nicht?
report-thanks = Danke. Wer diesen Bot betreibt, sieht es sich an.
report-told = Meldung { $number }, zum Bild { $picture }
report-reason = Grund: { $reason }
report-by = Von { $person }
reports-waiting = { $count ->
    [one] 1 weitere Meldung wartet.
   *[other] { $count } weitere Meldungen warten.
}
reports-none = Es warten keine Meldungen.
report-kept = Erledigt; das Bild bleibt.
report-deleted = Erledigt; der Auftrag ist mit seinen Bildern gelöscht, und seine Nachricht auch, wo der Chat das zulässt.
command-admin-reports = Was gemeldet wurde. Für Betreiber
words-none = Hier stehen keine Wörter auf der Liste. /admin words add setzt eines darauf.
words-listed = { $count ->
    [one] 1 Wort ist hier in Prompts nicht erwünscht:
   *[other] { $count } Wörter sind hier in Prompts nicht erwünscht:
} { $words }
words-one = „{ $word }“
words-more = und { $count } weitere
command-admin-words = Wörter, die in Prompts auf diesem Server nicht erwünscht sind
command-admin-words-add = Ein Wort auf die Liste setzen
command-admin-words-add-word = Das Wort; * steht für beliebige Buchstaben, ? für einen
command-admin-words-remove = Ein Wort von der Liste nehmen
command-admin-words-remove-word = Das Wort, wie es auf der Liste steht
command-admin-words-list = Die Wörter auf der Liste
telegram-report-ask = Was stimmt mit diesem Bild nicht? Bitte antworte mit ein paar Worten auf diese Nachricht; wer diesen Bot betreibt, liest sie.
telegram-admin-reports-how = Bitte schreib /admin reports, oder dahinter keep oder delete und die Nummer einer Meldung.
telegram-admin-words-how = Bitte schreib /admin words add und ein Wort (* steht für beliebige Buchstaben, ? für einen), /admin words remove und ein Wort, oder /admin words.
reject-report-without-reason = Bitte sag in ein paar Worten, was mit dem Bild nicht stimmt.
reject-report-reason-too-long = Bitte bleib mit der Begründung unter { $limit } Zeichen.
reject-reported-before = Du hast dieses Bild schon gemeldet; danke, es wird angesehen.
reject-too-many-reports = Du hast heute { $limit } Bilder gemeldet, mehr geht nicht. Bitte mach morgen weiter.
reject-report-unknown = Eine solche offene Meldung gibt es nicht; vielleicht hat sie schon jemand erledigt.
reject-word-not-allowed = „{ $word }“ ist hier nicht erlaubt, darum wurde nichts gezeichnet und nichts abgezogen. Bitte sag es anders.
reject-word-unfit = „{ $given }“ kann nicht auf die Liste: Neben * und ? braucht es mindestens zwei Buchstaben oder Ziffern hintereinander, und höchstens { $limit } Zeichen.
reject-word-unknown = „{ $given }“ steht nicht auf der Liste.
reject-too-many-words = Auf der Liste stehen { $limit } Wörter, mehr geht nicht. Nimm erst eines herunter; ein * deckt viele ab.
reject-picture-unchecked = Dieses Bild konnte gerade nicht geprüft werden; bitte versuch es in einer Minute noch einmal. Abgezogen wurde nichts.
reject-picture-not-allowed = Dieses Bild ist für diesen Bot nicht geeignet. Bitte nimm ein anderes; abgezogen wurde nichts.

## Die Seite Erstellen

create-from-tray = Ablage
create-tray-note = Was mit „Ablage“ markiert ist, liegt in deiner Ablage; ein hier gewähltes Bild geht vor.
create-swap = Motiv und Stil tauschen
create-styles = Gespeicherte Stile…
create-recipe = Nach Rezept…
create-settings = Vorlieben…
create-visibility = Wer es sehen darf
create-public = alle
create-private = nur ich
create-spoiler = In Chats
create-spoiler-off = offen gezeigt
create-spoiler-on = als Spoiler
create-as-settings = wie in den Vorlieben
create-sweep = { $count } Seeds
create-sweep-hint = Zeichnet es mit vier Seeds zugleich, damit du die beste Ähnlichkeit wählen kannst
create-nothing-to-swap = Noch gibt es nichts zu tauschen: Wähl zuerst ein Motivbild und ein Stilbild.
create-used-subject = Das ist jetzt dein Motiv.
create-used-style = Das ist jetzt ein Stilbild.
create-swap-again = Motiv und Stil tauschen
create-in-gallery = In der Galerie
create-more-actions = Mehr
create-download = Datei sichern
create-triptych = Mit Vorlagen sichern
create-info-title = So entstand dieses Bild
create-copy-recipe = Rezeptnummer kopieren
create-copied = Kopiert
create-close = Schließen
create-delete-title = Löschen
create-delete-sure = Diese Bilder endgültig löschen? Danach kann sie niemand mehr sehen oder verwenden.
create-compare = Vergleichen
create-compare-with = Vergleichen mit
create-compare-view = Wie verglichen wird
create-compare-slider = Übereinander
create-compare-side = Nebeneinander
create-compare-split = Wie viel von der Vorlage zu sehen ist, in Prozent
create-result = Ergebnis
create-picker-title = Gespeicherte Stile
create-picker-hint = Wähl einen, um darin zu zeichnen, oder zwei bis { $high }, um dasselbe in jedem zu zeichnen.
create-picker-search = Nach Namen suchen
create-picker-none = Du hast noch keine gespeicherten Stile. Füge im Formular Stilbilder hinzu und speichere sie hier unter einem Namen.
create-picker-name = Die Stilbilder im Formular speichern als
create-picker-save = Speichern
create-picker-use = Als Stil verwenden
create-grid = In allen { $count } zeichnen
create-grid-bounds = Bitte wähl { $low } bis { $high } Stile.
create-recipe-title = Ein Bild noch einmal machen
create-recipe-id = Rezeptnummer
create-recipe-id-hint = „Info“ unter einem Bild zeigt sie, hier und in den Chats.
create-recipe-again = Noch einmal
create-recipe-file = Oder aus einer Bilddatei lesen
create-recipe-fill = Ins Formular übernehmen
create-settings-title = Deine Vorlieben
create-language = Sprache
create-language-automatic = wie im Browser
create-default-aspect = Format, wenn du keins nennst
create-no-aspect = quadratisch
create-always-private = Nur ich darf meine Bilder sehen
create-always-spoiler = Meine Bilder in Chats als Spoiler verbergen
create-keep-tray = Nach einem Auftrag behalten, was in meiner Ablage liegt
create-settings-note = Sie gelten in jedem Chat, der mit dir verknüpft ist.
create-settings-more = Anmeldungen und Zugangsschlüssel
create-settings-save = Speichern
create-settings-saved = Deine Vorlieben sind gespeichert.

## Die lokale Seite

web-skip = Zum Inhalt
web-nav = Seiten
web-nav-create = Erstellen
web-nav-gallery = Galerie
web-nav-styles = Stile
web-nav-operate = Betrieb
web-tagline = Jedes Motiv, jede Szene, jeder Stil
web-toy-notice = Diese Bilder zeigen nur, dass alles läuft. Lieber echte? Gewichte holen und neu starten:
web-form-title = Ein Bild wünschen
web-prompt-placeholder = Eine Teekanne aus Ton auf einem bemoosten Stein, Morgenlicht
web-prompt-hint = Mit einem Motivbild darf das leer bleiben: Dann behält das Motiv seinen Platz.
web-references = Vorlagen
web-subject-hint = wer oder was
web-style-hint = wie es aussieht
web-style-2-hint = und noch ein Stil
web-drop-hint = PNG, JPEG oder WebP wählen, hierher ziehen oder einfügen.
web-remove = Entfernen: { $name }
web-custom = Eigenes
web-label-width = Breite
web-label-height = Höhe
web-label-enlarged = Vergrößertes Bild
web-side-hint = { $low } bis { $high } px
web-more = Mehr Einstellungen
web-steps-hint = 1 bis { $high }
web-guidance-hint = { $low } bis { $high }
web-seed-hint = leer: ein neuer
web-subject-size-hint = 0 bis { $high } px, 0 ist automatisch
web-results-title = Deine Bilder
web-empty = Hier ist noch nichts. Schreib, was du sehen möchtest, und drück auf „Bild machen“.
web-older = Ältere zeigen
web-progress = Fortschritt
web-picture-alt = Bild { $number }: { $prompt }
web-try-again = Noch einmal versuchen
web-back = Zurück zur Seite
web-no-script = Diese Seite braucht JavaScript; bitte schalte es für diese Adresse ein.
web-not-reachable = USO Bot antwortet nicht. Sieh nach, ob er noch läuft, und versuche es noch einmal.
web-connection-lost = Die Verbindung ist weg; die Seite versucht es von selbst wieder.
web-too-many-dropped = Platz ist für ein Motivbild und zwei Stilbilder; entferne erst eins.
web-not-a-picture = Das ist keine Bilddatei; bitte nimm PNG, JPEG oder WebP.
web-reject-bad-request = Diese Anfrage konnten wir nicht lesen; bitte lade die Seite neu und versuche es noch einmal.
web-reject-foreign-host = Diese Seite antwortet nur unter ihrer eigenen Adresse, etwa http://localhost:8080.
web-reject-sign-in-needed = Bitte melde dich erst an, oder sende ein Token dieses Bots mit.
web-reject-token-wrong = Dieses Token ist hier unbekannt oder abgelaufen. Ein neues gibt es mit: uso-bot web token create
web-reject-scope-too-small = Dieses Token ist dafür nicht gedacht. Lege eins mit einem anderen Umfang an.
web-reject-page-stale = Diese Seite war zu lange offen; bitte lade sie neu und versuche es noch einmal.
web-reject-cross-site = Diese Anfrage kam von einer fremden Seite; wir haben sie nicht ausgeführt.
web-reject-not-found = Unter dieser Adresse gibt es nichts.
web-reject-link-dead = Dieser Link gilt nicht mehr. Lass dir vom Bot einen neuen geben.
web-reject-method-not-allowed = Das geht unter dieser Adresse nicht.
web-reject-too-large = Das war zu viel Text auf einmal; bitte kürze ihn.
web-reject-internal = Bei uns ist etwas kaputtgegangen; bitte versuche es noch einmal.

## Galerie und Stile auf der Seite

gallery-title = Galerie
gallery-search = Suchen
gallery-search-hint = Wörter aus der Beschreibung, der Name eines Stils oder ein Seed
gallery-kind = Entstanden als
gallery-state = Stand
gallery-style = Stil
gallery-any = Alle
gallery-only-favourites = Nur Favoriten
gallery-find = Suchen
gallery-clear = Alles zeigen
gallery-newest = Zurück zu den neuesten
gallery-is-favourite = Favorit
gallery-empty = Hier ist noch nichts. Deine Bilder sammeln sich hier, mit allem, woraus sie entstanden sind.
gallery-draw = Etwas zeichnen
gallery-nothing-found = Dazu passt nichts. Nimm weniger Wörter, oder lass dir alles zeigen.
gallery-state-running = Wird gezeichnet
gallery-state-failed = Fehlgeschlagen
kind-drawn = Neu
kind-rerolled = Neu gewürfelt
kind-varied = Variante
kind-remixed = Remix
kind-repeated = Wiederholung
kind-upscaled = Vergrößert
gallery-neighbours = Durch die Galerie
gallery-back = Alle Bilder
gallery-newer = Neuere
gallery-older = Ältere
gallery-picture = Bild
gallery-pictures = Alle Bilder dieses Auftrags
gallery-picture-number = Bild { $number }
gallery-picture-gone = Dieses Bild musste Platz machen. Sein Rezept ist noch da: „Noch einmal“ zeichnet es genauso wieder.
gallery-no-picture-yet = Hier erscheint das Bild, während es entsteht.
gallery-preview = Das Bild bis jetzt
gallery-references = Entstanden aus
gallery-enlarged = Vergrößertes Bild
gallery-reference-gone = nicht mehr da
gallery-actions = Was du damit machen kannst
gallery-draw-more = Weiter zeichnen
gallery-again = Noch einmal
gallery-again-hint = Gleich bis auf den letzten Bildpunkt
gallery-reroll-hint = Derselbe Auftrag mit neuem Seed
gallery-into-tray = In deine Ablage
gallery-in-tray-subject = Es liegt in deiner Ablage, als Motiv deines nächsten Auftrags.
gallery-in-tray-style = Es liegt in deiner Ablage, als Stil deines nächsten Auftrags.
gallery-favourite-on = Als Favorit gemerkt.
gallery-favourite-off = Kein Favorit mehr.
gallery-download = PNG herunterladen
gallery-parameters = Einstellungen
gallery-recipe = Rezept
gallery-copy = Kopieren
gallery-copied = Kopiert
gallery-family = Familie
gallery-no-family = Daraus ist noch nichts entstanden.
gallery-this-one = dieses hier
gallery-relative-deleted = gelöscht
gallery-relative-of-others = das Bild von jemand anderem
gallery-leave-it = So lassen
gallery-delete-sure = { $count ->
    [0] Diesen Auftrag endgültig löschen?
    [one] Dieses Bild endgültig löschen? Niemand kann es dann noch sehen oder benutzen.
   *[other] Diese { $count } Bilder endgültig löschen? Niemand kann sie dann noch sehen oder benutzen.
}
parameter-kind = Entstanden als
parameter-mode = Modus
parameter-size = Größe
parameter-size-drawn = { $asked } gewünscht, { $drawn } gezeichnet
parameter-variation = Variiert hin zu
parameter-variation-value = Seed { $seed }, Stärke { $strength }
parameter-automatic = automatisch
parameter-keep-size = Größe des Motivs behalten
parameter-yes = ja
parameter-visibility = Sichtbarkeit
parameter-private = privat
parameter-public = öffentlich
parameter-spoiler = verdeckt bis zum Klick
parameter-cost = Credits
parameter-model = Modell
parameter-duration = Gezeichnet in
styles-title = Stile
styles-lead = Eine Stilkarte merkt sich ein oder zwei Bilder unter einem Namen, für deine nächsten Aufträge hier und in deinen Chats.
styles-new = Neue Stilkarte
styles-name = Name
styles-pictures = Bilder
styles-pictures-hint = Eins oder zwei, PNG, JPEG oder WebP; wähle sie aus oder zieh sie hierher.
styles-too-many = Auf eine Stilkarte passen höchstens zwei Bilder.
styles-save = Stil speichern
styles-search = Einen Stil suchen
styles-picture = Bild { $number } von „{ $name }“
styles-own = deiner
styles-shared = mit einem Server geteilt
styles-uses = { $count ->
    [one] einmal benutzt
   *[other] { $count }-mal benutzt
}
styles-unused = noch nicht benutzt
styles-draw = Damit zeichnen
styles-tray = In deine Ablage
styles-in-tray = „{ $name }“ liegt in deiner Ablage, für deinen nächsten Auftrag.
styles-rename = Umbenennen
styles-rename-title = „{ $name }“ umbenennen
styles-renamed = Der Stil heißt jetzt „{ $name }“.
styles-delete-sure = „{ $name }“ endgültig löschen? Was damit gezeichnet wurde, bleibt.
styles-empty = Noch keine Stilkarten. Speichere ein Bild, dessen Stil dir gefällt, und zeichne damit, wann immer du magst.
styles-nothing-found = So heißt keine deiner Stilkarten.
## The page Operate

operate-live = Live
operate-now = In diesem Moment
operate-waiting = Warten
operate-of-people = { $people ->
    [one] von 1 Person
   *[other] von { $people } Personen
}
operate-running = In Arbeit
operate-pictures = Bilder
operate-failures = Fehlschläge
operate-last-day = in 24 Stunden
operate-median = Ein Bild dauert
operate-engine = Maschine
operate-engine-starting = startet
operate-engine-warming-up = wärmt auf
operate-engine-ready = bereit
operate-engine-broken = kann nicht starten
operate-warm-up-left = Bereit in etwa { $left }
operate-memory = Speicher
operate-of-memory = von { $total }
operate-gigabytes = { $size } GB
operate-seconds = { $seconds } s
operate-minutes = { $minutes } min { $seconds } s
operate-hours = { $hours } h { $minutes } min
operate-mode = Was der Bot tut
operate-mode-running = Laufen
operate-mode-paused = Anhalten
operate-mode-draining = Leeren
operate-restart = Maschine neu starten
operate-restart-title = Die Maschine neu starten?
operate-restart-words = Das Bild in Arbeit geht zurück in die Schlange und kommt als Nächstes dran, ohne mehr zu kosten. Das Modell zu laden dauert eine Weile.
operate-restarted = Die Maschine startet neu; was in Arbeit war, kommt als Nächstes dran.
operate-no = Nein, lassen
operate-queue = Warteschlange
operate-queue-empty = Niemand wartet.
operate-place = Platz
operate-who = Wer
operate-what = Was
operate-state = Stand
operate-waited = Schon da
operate-left = Dauert noch
operate-steps = { $steps ->
    [one] 1 Schritt
   *[other] { $steps } Schritte
}
operate-nobody = jemand, der nicht mehr da ist
operate-this-page = Diese Seite
operate-choose-person = Diese Person unten auswählen
operate-more = und { $count } weitere
operate-plot-memory = Speicher der Maschine, in GB
operate-plot-speed = Tempo
operate-plot-queue = Aufträge
operate-plot-used = Belegt
operate-plot-reserved = Bereitgehalten
operate-plot-total = Vorhanden
operate-plot-steps = Schritte pro Sekunde
operate-plot-seconds = Sekunden
operate-plot-size = Größe
operate-plot-none = Noch ist nichts gemessen.
operate-plot-memory-now = %used% von %total% GB sind belegt.
operate-plot-speed-now = Das letzte Bild dauerte %seconds% s, mit %speed% Schritten pro Sekunde.
operate-plot-queue-now = %waiting% warten jetzt, höchstens %most% in den letzten zwei Stunden.
operate-as-table = Als Tabelle
operate-when = Wann
operate-people = Leute
operate-person = Person
operate-person-hint = Zum Beispiel discord:80351110224678912 oder telegram:42. Drücke einen Namen in der Warteschlange, um ihn auszuwählen.
operate-credits = Guthaben
operate-credits-hint = Eine negative Zahl nimmt weg, was geschenkt war.
operate-grant = Schenken
operate-granted = { $person } hat { $amount } bekommen und hat jetzt { $left }.
operate-reason = Grund
operate-reason-hint = nur für die, die den Bot betreiben
operate-block = Sperren
operate-block-title = Diese Person sperren?
operate-block-words = Sie kann den Bot in keinem Chat mehr benutzen, bis du sie wieder hereinlässt.
operate-blocked = { $person } ist gesperrt.
operate-unblock = Wieder hereinlassen
operate-unblocked = { $person } darf wieder herein.
operate-chats = Chats
operate-no-chats = Kein Chat ist eingeschaltet. Setze DISCORD_TOKEN oder TELEGRAM_TOKEN und starte neu.
operate-chat = Chat
operate-chat-discord = Discord
operate-chat-telegram = Telegram
operate-chat-web = Diese Seite
operate-since = seit
operate-connection-connecting = verbindet sich
operate-connection-connected = verbunden
operate-connection-lost = nicht erreichbar
operate-connection-refused = abgelehnt
operate-reports = Meldungen
operate-no-reports = Niemand hat ein Bild gemeldet.
operate-report-alt = Das gemeldete Bild { $number }
operate-report-keep = Stehen lassen
operate-report-kept = Das Bild bleibt; die Meldung ist erledigt.
operate-report-delete = Bilder löschen
operate-report-delete-title = Diese Bilder löschen?
operate-report-delete-words = Alle Bilder dieses Auftrags werden gelöscht, auch im Chat. Das lässt sich nicht rückgängig machen.
operate-report-deleted = Die Bilder sind gelöscht; die Meldungen dazu sind erledigt.
operate-errors = Letzte Fehler
operate-no-errors = Keine Fehler, seit der Bot gestartet ist.
operate-outbox = Noch nicht zugestellt
operate-outbox-empty = Alles ist angekommen.
operate-job = Auftrag
operate-tries = Versuche
operate-next-try = Nächster Versuch
operate-last-error = Letzter Fehler
operate-audit = Entscheidungen
operate-audit-empty = Noch wurde nichts entschieden.
operate-by = Wer
operate-action = Was
operate-subject = Worüber
operate-detail = Einzelheiten
operate-did-grant = Guthaben
operate-did-tier = Stufe
operate-did-block = Gesperrt
operate-did-unblock = Wieder hereingelassen
operate-did-server-block = In einem Server gesperrt
operate-did-server-unblock = In einem Server wieder hereingelassen
operate-did-server-settings = Einstellungen eines Servers
operate-did-words-add = Wort verboten
operate-did-words-remove = Wort wieder erlaubt
operate-did-cancel = Auftrag gestoppt
operate-did-delete = Bilder gelöscht
operate-did-report-close = Meldung entschieden
operate-did-pause = Angehalten
operate-did-drain = Wird geleert
operate-did-resume = Läuft wieder
operate-did-restart-engine = Maschine neu gestartet
operate-did-export = Daten ausgegeben
operate-did-erase = Daten gelöscht
operate-did-token-add = Zugang erstellt
operate-did-token-remove = Zugang entfernt
operate-did-backup = Sicherung
operate-did-other = Etwas anderes

## Telegram

telegram-received = Angekommen, einen Moment …
telegram-start = Hallo! Schick mir ein paar Worte, und ich zeichne sie. Schick ein Bild mit Beschriftung, dann kommt sein Motiv in eine neue Szene, oder ein Album: das erste Bild ist das Motiv, die anderen sind der Stil. /help zeigt alles.
telegram-help =
    Nur Worte: ein Bild aus Text.
    Ein Bild mit Beschriftung: sein Motiv in einer neuen Szene.
    Ein Album aus zwei oder drei: Motiv, Stil, zweiter Stil. Ohne Worte frage ich, wofür die Bilder sind.
    /style als Beschriftung: das Bild ist der Stil.
    /imagine und eine Beschreibung: geht auch in Gruppen, auch als Antwort auf ein Bild.
    /upscale oder /info als Antwort auf ein Bild: doppelt so groß, oder wie es gemacht wurde.

    Schalter stehen irgendwo zwischen den Worten:
    --ar 16:9   --size 768   --seed 7   --steps 30   --g 3.5   --n 4   --keep   --as style
    --style "meine Tinte"   --subject-size 768   --private   --public   --spoiler

    Antworte auf ein Ergebnis mit Worten oder Schaltern, um es zu ändern. Bearbeite deine Nachricht, um sie zu verbessern, solange sie wartet.
telegram-command-imagine = Ein Bild zeichnen: /imagine ein Fuchs im Schnee
telegram-command-style = Im Stil eines Bildes zeichnen; Stile speichern und verwenden
telegram-command-grid = Ein Bild in mehreren Stilen: /grid tusche, aquarell: ein Fuchs
telegram-command-upscale = Doppelt so groß: antworte damit auf irgendein Bild
telegram-command-info = Wie ein Bild gemacht wurde: antworte damit darauf
telegram-command-settings = Was du magst: Sprache, Privates, Format
telegram-command-help = Was ich kann
telegram-private-only = Bitte schreib mir das privat; es geht um dein Konto.
telegram-unknown-command = Diesen Befehl kenne ich nicht. /help zeigt, was ich kann.
telegram-style-without-picture = Schick /style als Beschriftung eines Bildes oder als Antwort darauf.
telegram-picture-without-caption = Schönes Bild! Bitte schick es noch einmal mit einer Beschriftung, die sagt, was ich zeichnen soll.
telegram-picture-question = Was soll dieses Bild sein: das Motiv, der Stil oder beides?
telegram-button-as-subject = Motiv
telegram-button-as-style = Stil
telegram-button-as-both = Beides
telegram-button-keep-layout = Jetzt zeichnen, Aufbau behalten
telegram-button-swap = Motiv und Stil tauschen
telegram-tray-next = Schreib jetzt, was ich zeichnen soll.
telegram-question-picture-gone = Das Bild zu dieser Frage ist weg. Bitte schick es noch einmal.
telegram-choose-first = Bitte drück zuerst einen der Knöpfe, dann schreib, was ich zeichnen soll.
telegram-answer-the-buttons = Um eins dieser Bilder zu ändern, antworte bitte auf die Nachricht mit den Knöpfen darunter.
telegram-album-again = Bitte schick das Album mit diesen Worten noch einmal; ich sehe seine Bilder nicht mehr.
telegram-private-first = Das ist nur für dich. Bitte öffne einen Chat mit mir und drück auf Start, dann frag noch einmal.
telegram-moving-picture = Ich kann nur Bilder verwenden, die stillstehen. Bitte schick ein Foto oder ein Bildschirmfoto des Films.
telegram-moving-sticker = Dieser Sticker bewegt sich. Bitte schick einen, der stillsteht, oder ein Foto.
telegram-heic = HEIC-Dateien kann ich nicht lesen. Bitte schick das Bild als Foto statt als Datei, oder als JPEG.
telegram-remix-ask = Antworte auf diese Nachricht mit neuen Worten oder Schaltern, und ich zeichne es so noch einmal. Jetzt steht da: „{ $prompt }“
telegram-remix-ask-empty = Antworte auf diese Nachricht mit Worten oder Schaltern, und ich zeichne es so noch einmal. Bisher hat es keine Worte.
telegram-remix-placeholder = Neue Worte
telegram-button-copy-seed = Seed kopieren
telegram-button-erase = { $count ->
    [one] Endgültig löschen
   *[other] Alle { $count } endgültig löschen
}
telegram-button-keep = Behalten
telegram-deleted = Gelöscht.
telegram-picture-not-fetched = Telegram hat uns dein Bild nicht gegeben. Bitte schick es noch einmal.
telegram-flag-without-value = „{ $flag }“ braucht einen Wert, zum Beispiel { $example }.
telegram-button-part = { $name } trennen
telegram-part-sure = { $name } fängt von vorn an: Verlauf, Guthaben und Stile bleiben bei diesem Konto. Trennen?
telegram-search-too-long = „{ $words } …“ ist zu lang für die Suche; ein, zwei Wörter aus der Beschreibung genügen.
telegram-button-favourites = ★ Nur Favoriten
telegram-button-all = Alle Aufträge
telegram-cancel-which = Welcher soll aufhören?
telegram-cancel-nothing = Von dir wartet hier nichts, und nichts wird gezeichnet.
telegram-button-drop = Herausnehmen: { $name }
telegram-button-clear-tray = Ablage leeren
telegram-privacy = Deine Daten gehören dir. Hol alles, was über dich gespeichert ist, als Datei, oder lass es löschen.
telegram-button-export = Meine Daten holen
telegram-button-forget = Meine Daten löschen …
telegram-style-choose = Welcher Stil?
telegram-style-name-it = Welcher Stil? Bitte nenne ihn: /style { $verb } und sein Name.
telegram-style-save-how = Unter welchem Namen? Schick /style save und einen Namen als Beschriftung eines Bildes, als Antwort auf eins, oder allein, um die Stile deiner Ablage zu speichern.
telegram-style-used = „{ $name }“ liegt in deiner Ablage; dein nächster Auftrag wird so gezeichnet.
telegram-style-delete-sure = Den Stil „{ $name }“ endgültig löschen?
telegram-button-use-style = Verwenden
telegram-button-share-style = Hier teilen
telegram-button-delete-style = Löschen …
telegram-button-delete-style-for-good = Endgültig löschen
telegram-show-how = Welches? Schick /show und eine Kennung aus /history, oder antworte auf ein Ergebnis mit /show. Mit dem Wort triptych bekommst du es neben seinen Vorlagen.
telegram-repeat-how = Welches? Schick /repeat und eine Kennung aus /history oder den Infos, oder antworte auf ein Ergebnis mit /repeat.
telegram-grid-how = Bitte nenne { $low } bis { $high } gespeicherte Stile mit Kommas dazwischen, dann einen Doppelpunkt und was zu zeichnen ist: /grid tusche, altes papier: ein Fuchs im Schnee
telegram-setting-language = Sprache
telegram-setting-aspect = Format
telegram-setting-private = Privat
telegram-setting-spoiler = Verdeckt, bis man tippt
telegram-setting-keep-tray = Ablage behalten
telegram-setting-no-aspect = Quadrat, oder wie gewünscht
telegram-setting-on = an
telegram-setting-off = aus
telegram-info-how = Antworte auf ein Bild mit /info, oder schick es als Datei mit /info als Beschriftung; eine Kennung aus /history geht auch.
telegram-info-photo = Das ist ein Foto, und Telegram nimmt Fotos alles, was sie mittragen. Schick das Original als Datei, dann kann ich lesen, wie es gemacht wurde.
telegram-upscale-how = Antworte auf ein Bild mit /upscale, oder schick eins mit /upscale als Beschriftung.
telegram-admin-group =
    /admin quota pool 50 – Guthaben am Tag für alle hier; off teilt keins
    /admin limits count 2 – Bilder in einem Auftrag; waiting 3, language de; off hebt es auf
    /admin block, unblock – als Antwort auf jemanden
    /admin words – was hier nicht in Prompts stehen soll; add und remove ändern es
    /admin stats – wie es um diese Gruppe steht
telegram-admin-operator =
    /admin pause, drain, resume, stats – der ganze Bot
    /admin grant 10 – als Antwort auf jemanden, oder mit telegram:42 davor
    /admin quota tier supporter – ebenso; none nimmt sie zurück
    /admin block everywhere – ebenso
    /admin reports – was gemeldet wurde
telegram-admin-quota-how = Bitte schreib /admin quota pool und eine Zahl, oder off; oder als Antwort auf jemanden /admin quota tier und ihren Namen.
telegram-admin-limits-how = Bitte schreib /admin limits, dann count, waiting oder language, dann einen Wert; off hebt eine Grenze auf.
telegram-admin-grant-how = Wem, und wie viel? Antworte jemandem mit /admin grant 10, oder schreib /admin grant telegram:42 10.
telegram-admin-block-how = Wen? Antworte jemandem damit, oder schreib die Kennung dahinter, etwa telegram:42.
telegram-inline-nothing = Noch nichts da: zeichne dein erstes Bild
telegram-inline-not-found = Nicht gefunden: zeichne es
telegram-private-result = Dieses Ergebnis ist privat; frag mich privat danach.
telegram-button-original = Originaldatei

## Discord

discord-attachment-unreachable = Discord hat diese Datei nicht herausgegeben; bitte hänge sie noch einmal an.
discord-command-outdated = Dieser Befehl hat sich geändert; lade Discord neu (Strg+R) und versuche es noch einmal.
discord-permissions-missing = Mir fehlt hier eine Erlaubnis: { $names }. Bitte die Moderation darum, oder wähle „private“.
discord-permission-view-channel = den Kanal sehen
discord-permission-read-message-history = ältere Nachrichten lesen
discord-permission-attach-files = Dateien anhängen
discord-permission-send-messages = Nachrichten schreiben
discord-permission-send-messages-in-threads = in Threads schreiben
command-imagine = Macht ein Bild aus deinen Worten, mit deinem Motiv und in deinen Stilen
command-imagine-prompt = Was du sehen willst; darf mit einem Motivbild leer bleiben
command-imagine-subject = Ein Bild der Person, des Tiers oder Dings, das zu sehen sein soll (PNG, JPEG oder WebP)
command-imagine-style = Ein Bild in dem Stil, den du möchtest
command-imagine-style2 = Ein zweiter Stil, der dazukommt
command-imagine-aspect = Das Format des Bildes; quadratisch, wenn du nichts wählst
command-imagine-count = Wie viele Bilder, jedes ein wenig anders
command-imagine-seed = Gleicher Seed und gleicher Auftrag geben dasselbe Bild; -1 zieht einen neuen
command-imagine-steps = Mehr Schritte dauern länger und zeigen mehr Einzelheiten
command-imagine-guidance = Wie streng es sich an die Beschreibung hält
command-imagine-subject-size = Wie groß das Motiv gesehen wird, in Pixeln; 0 ist automatisch
command-imagine-keep-size = Gibt dem Bild die Größe des Motivbilds
command-imagine-private = Nur du siehst Karte und Ergebnis
command-imagine-spoiler = Verdeckt das Ergebnis, bis man darauf klickt
command-imagine-style-card = Ein gespeicherter Stil, deiner oder einer dieses Servers
command-imagine-width = Eigene Breite in Pixeln, statt eines Formats
command-imagine-height = Eigene Höhe in Pixeln, statt eines Formats
command-restyle = Ein Bild, wie es ist, in einem anderen Stil
command-restyle-subject = Das Bild, das einen anderen Stil bekommt
command-restyle-prompt = Leer bleibt der Aufbau, wie er ist; oder schreib, was sich ändern darf
command-sweep = Vier Bilder mit vier Seeds, um das ähnlichste auszusuchen
command-sweep-seed = Der erste von vier Seeds hintereinander; -1 würfelt ihn
command-grid = Ein Motiv oder eine Beschreibung in bis zu fünf gespeicherten Stilen
command-grid-first = Der erste gespeicherte Stil
command-grid-second = Der zweite gespeicherte Stil
command-grid-third = Der dritte gespeicherte Stil
command-grid-fourth = Der vierte gespeicherte Stil
command-grid-fifth = Der fünfte gespeicherte Stil
command-grid-seed = Der Seed, den alle gemeinsam haben; -1 würfelt einen
form-remix = Remix
form-seed-hint = Leer: ein neuer
form-steps-hint = 1 bis { $high }
form-guidance-hint = { $low } bis { $high }
form-long-prompt-hint = Die Beschreibung ist zu lang für dieses Formular; leer gelassen bleibt sie, wie sie ist.
form-keep-size = Wie es ist ({ $width } × { $height })
menu-use-as-subject = Als Motiv nehmen
menu-use-as-style = Als Stil nehmen
menu-restyle = Neuer Stil ...
menu-image-info = Bildinfo
menu-upscale = Bild vergrößern
form-restyle = Diesem Bild einen neuen Stil geben
form-restyle-prompt-hint = Leer bleibt der Aufbau, wie er ist; oder schreib, was sich ändern darf.
form-style-card = Gespeicherter Stil
form-style-tray = Keiner davon (Anhang oder Ablage)
form-style-files = Stilbilder
form-style-files-hint = Eins oder zwei; ohne eins gilt ein gespeicherter Stil oder deine Ablage.
discord-aspect-square = Quadrat 1:1
discord-aspect-landscape-4-3 = Querformat 4:3
discord-aspect-portrait-3-4 = Hochformat 3:4
discord-aspect-landscape-3-2 = Foto quer 3:2
discord-aspect-portrait-2-3 = Foto hoch 2:3
discord-aspect-wide-16-9 = Breit 16:9
discord-aspect-tall-9-16 = Schmal 9:16

## Anmeldung auf der Seite, und Token für Programme

reject-password-wrong = Dieses Passwort stimmt nicht. Wenn du es vergessen hast, setze auf dem Rechner des Bots ein neues: uso-bot web password
reject-password-length = Bitte nimm ein Passwort mit { $low } bis { $high } Zeichen.
reject-sign-in-too-often = Das waren zu viele falsche Passwörter; versuch es in { $minutes } Min. noch einmal.
reject-token-name-bad = Bitte gib dem Token einen Namen mit 1 bis { $limit } Zeichen.
reject-token-name-taken = Es gibt schon ein Token namens „{ $name }“; wähle einen anderen Namen oder widerrufe erst jenes.
reject-token-days-out-of-range = Ein Token kann { $low } bis { $high } Tage gelten, oder bis du es widerrufst.
reject-token-unknown = Ein Token „{ $name }“ gibt es nicht mehr.
reject-token-used-too-often = Dieses Token wurde zu oft benutzt; versuch es in { $seconds } s noch einmal.
web-login-title = Anmelden
web-login-lead = Diese Seite steht allen offen, die ihr Passwort kennen.
web-login-password = Passwort
web-login-show = Passwort anzeigen
web-login-button = Anmelden
web-login-forgot = Vergessen? Auf dem Rechner des Bots setzt uso-bot web password ein neues.
web-sign-out = Abmelden
web-settings-title = Einstellungen
web-settings-tokens = Token für Programme
web-settings-tokens-lead = Mit einem Token können deine eigenen Skripte zeichnen, den Bot bedienen oder messen. Gib jedem Programm sein eigenes, mit nicht mehr Rechten als nötig.
web-settings-tokens-docs = So benutzt du sie
web-settings-no-tokens = Es gibt noch keine Token.
web-settings-token-name = Name
web-settings-token-name-hint = Damit du es wiedererkennst, etwa „Skript für die Nacht“.
web-settings-token-scope = Was es darf
web-settings-scope-draw = Zeichnen und Bilder ansehen
web-settings-scope-operate = Bedienen, zeichnen und Messwerte lesen
web-settings-scope-metrics = Messwerte lesen
web-settings-token-life = Wie lange es gilt
web-settings-token-days = { $days } Tage
web-settings-token-for-good = Bis ich es widerrufe
web-settings-token-create = Token anlegen
web-settings-token-fresh = Das Token „{ $name }“ ist fertig. Kopiere es jetzt: Es wird nur dieses eine Mal gezeigt.
web-settings-token-copy = Kopieren
web-settings-token-copied = Kopiert
web-settings-token-holder = für { $holder }
web-settings-token-expires = bis { $date }
web-settings-token-expired = abgelaufen am { $date }
web-settings-token-lasting = bis zum Widerruf
web-settings-token-used = zuletzt benutzt { $date }
web-settings-token-unused = nie benutzt
web-settings-token-revoke = Widerrufen
web-settings-token-revoke-named = Token „{ $name }“ widerrufen
web-settings-token-revoked = Das Token „{ $name }“ ist widerrufen; Programme, die es benutzen, sind ausgesperrt.
web-settings-sessions = Angemeldet
web-settings-sessions-lead = Browser, die mit deinem Passwort angemeldet sind. Nach einer Woche ohne Benutzung werden sie von selbst abgemeldet.
web-settings-session-here = dieser Browser
web-settings-session-line = { $agent }, von { $address }
web-settings-session-seen = zuletzt benutzt { $date }
web-settings-session-unknown-browser = unbekannter Browser
web-settings-sessions-end = Überall sonst abmelden
web-settings-sessions-ended = { $count ->
    [0] Sonst war niemand angemeldet.
    [one] Ein anderer Browser ist abgemeldet.
   *[other] { $count } andere Browser sind abgemeldet.
}
web-settings-no-login = Diese Seite ist nur von diesem Rechner aus erreichbar und fragt deshalb nach keinem Passwort.
web-api-title = Für deine eigenen Programme
web-api-lead = Was diese Seite kann, können deine Skripte auch, über HTTP.
web-api-document = Die ganze Beschreibung (OpenAPI 3.1)
web-api-first = Ein Bild in vier Schritten
web-api-token = Lege ein Token an, hier oder auf der Kommandozeile; auf dem Rechner des Bots selbst brauchst du keins, solange die Seite nach keinem Passwort fragt.
web-api-ask = Bitte um ein Bild; nur der Prompt muss sein. Die Antwort ist seine Karte mit einer Kennung.
web-api-follow = Verfolge es, bis es fertig ist, als Server-Sent Events.
web-api-fetch = Hole das Bild, mit seinem Rezept darin.
web-api-vary = Bitte um eine Variation, oder mit reroll um dasselbe mit neuem Seed.
web-api-refused = Wenn etwas abgelehnt wird
web-api-refused-lead = Jede Ablehnung ist ein Satz für Menschen, in der Sprache, um die Accept-Language bittet, und ein Code für Programme. Wo Warten hilft, sagt Retry-After, wie lange.
